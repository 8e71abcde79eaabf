/**
 * What becomes of the secret of a key that two devices replaced without knowing of each other: the later one
 * is used, and the other is kept for a while (formats §4, protocols §1). A provider may show a key once, and
 * both may have been the only copy.
 */
import {
  KEPT_SECRETS_MAX,
  SECRET_PAST_MAX,
  keptSecretsSchema,
  type KeptSecret,
  type RecordContent,
} from '../protocol/index.ts'

const KEPT_MS = 30 * 86_400_000

type StampedField = RecordContent['fields'][string]

/**
 * A change of a key's fields, with the secret that it replaces named. Where a kept secret is taken, the one
 * that was there is kept in its place.
 * @param now Unix ms
 */
export function withPast<T extends object>(content: RecordContent, change: T, now: number): T {
  const { secret } = content.fields
  if (content.kind !== 'key' || !secret) return change
  if (!('secret' in change) || change.secret === secret[0]) return change
  const history = historyOf(content)
  const others = history.filter((kept) => kept.secret !== change.secret)
  const given = { ...change, secretPast: pastOf(content) }
  return others.length === history.length
    ? given
    : { ...given, history: [keptFrom(secret, now), ...others] }
}

/**
 * The merged state of a key, with the secret that lost. One that the winner was made to replace did not lose:
 * whoever replaced it had seen it.
 * @param merged of `ours` and `theirs`
 * @param now Unix ms
 */
export function keepLostSecret(
  [ours, theirs]: readonly [RecordContent, RecordContent],
  merged: RecordContent,
  now: number,
): RecordContent {
  const won = merged.fields['secret']
  if (merged.kind !== 'key' || !won) return merged
  const past = pastOf(merged)
  const lost = [ours, theirs].flatMap(({ fields: { secret } }): KeptSecret[] => {
    if (!secret || secret[0] === won[0] || past.includes(nameOf(secret))) return []
    return [keptFrom(secret, now)]
  })
  const kept = [...historyOf(ours), ...historyOf(theirs), ...lost]
  if (kept.length === 0) return merged
  const [, hlc, deviceId] = won
  const value = union(kept)
    .filter(({ until, secret }) => until > now && secret !== won[0])
    .slice(0, KEPT_SECRETS_MAX)
  return { ...merged, fields: { ...merged.fields, history: [value, hlc, deviceId] } }
}

/** The secrets that are kept now, the latest first. */
export function keptNow(
  history: readonly KeptSecret[] | undefined,
  now: number,
): readonly KeptSecret[] {
  return (history ?? []).filter(({ until, secret }) => until > now && secret !== null)
}

/** Without the secret of that name: no other device brings it back. */
export function forgetKept(history: readonly KeptSecret[], id: string): KeptSecret[] {
  return history.map((kept) => (kept.id === id ? { ...kept, secret: null } : kept))
}

/** When a kept secret was written, Unix ms: the first 48 bits of its clock (formats §4). */
export function keptSince({ id }: Pick<KeptSecret, 'id'>): number {
  return Number.parseInt(id.slice(0, 12), 16)
}

function keptFrom(secret: StampedField, now: number): KeptSecret {
  const [value] = secret
  return {
    id: nameOf(secret),
    secret: typeof value === 'string' ? value : null,
    until: now + KEPT_MS,
  }
}

/** When a secret was written and by which device: no two have that in common. */
function nameOf([, hlc, deviceId]: StampedField): string {
  return `${hlc}.${deviceId}`
}

/** The names of the secret that is there and of those before it, the newest first. */
function pastOf({ fields: { secret, secretPast } }: RecordContent): string[] {
  const before = Array.isArray(secretPast?.[0]) ? secretPast[0].map(String) : []
  return secret ? [nameOf(secret), ...before].slice(0, SECRET_PAST_MAX) : []
}

function historyOf({ fields: { history } }: RecordContent): readonly KeptSecret[] {
  // What another version wrote there is not what this one can keep.
  const read = keptSecretsSchema.safeParse(history?.[0] ?? [])
  return read.success ? read.data : []
}

/** Each once: what was forgotten on one side is, and the shorter time holds. */
function union(kept: readonly KeptSecret[]): readonly KeptSecret[] {
  const byId = new Map<string, KeptSecret>()
  for (const one of kept) {
    const other = byId.get(one.id)
    const both = other && {
      id: one.id,
      secret: other.secret === null ? null : one.secret,
      until: Math.min(other.until, one.until),
    }
    byId.set(one.id, both ?? one)
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1))
}
