/** Grants of sites: made when the person allowed one, found for a call, taken back. */
import {
  WalletError,
  createValetKey,
  type Grant,
  type GrantId,
  type GrantStatus,
  type GrantValetKey,
  type Random,
  type RecordFields,
  type Terms,
} from '@valetkey/wallet/protocol'
import { grantOf } from '@valetkey/wallet/grants'
import { credentialHash } from '@valetkey/wallet/proxy'
import { providerById } from '@valetkey/wallet/providers'
import type { ListedRecord, OpenVault } from '@valetkey/wallet/vault'
import type { SiteIndexEntry } from '../adapters/site-index.ts'

export type GrantRecord = ListedRecord<'grant'>

/** Every grant of an origin that was not taken back, newest first. */
export async function findGrantsOfSite(
  vault: OpenVault,
  origin: string,
): Promise<readonly GrantRecord[]> {
  const { records } = await vault.listRecords('grant')
  return newestFirst(
    records.filter(({ fields }) => originOfGrant(fields) === origin && fields.status !== 'revoked'),
  )
}

/** The grant that counts for an origin: the newest one that was not taken back. */
export async function findGrantOfSite(
  vault: OpenVault,
  origin: string,
): Promise<GrantRecord | null> {
  return (await findGrantsOfSite(vault, origin))[0] ?? null
}

/** A grant that was not taken back and that no newer one of its site replaces. @throws `grant.missing` */
export async function findStandingGrant(vault: OpenVault, grantId: GrantId): Promise<GrantRecord> {
  const { records } = await vault.listRecords('grant')
  const record = standing(records).find(({ id }) => id === grantId)
  if (!record) throw new WalletError('grant.missing')
  return record
}

/** Of each site the newest grant that was not taken back, newest first. */
export function standing(records: readonly GrantRecord[]): readonly GrantRecord[] {
  const seen = new Set<string>()
  return newestFirst(records).filter(({ fields }) => {
    const origin = originOfGrant(fields)
    if (origin === null || fields.status === 'revoked' || seen.has(origin)) return false
    seen.add(origin)
    return true
  })
}

/** What the list of apps shows: of each site the grant that stands, or else the last one it had. */
export function shownGrants(records: readonly GrantRecord[]): readonly GrantRecord[] {
  const stand = standing(records)
  const seen = new Set(stand.map(({ fields }) => originOfGrant(fields)))
  const last = newestFirst(records).filter(({ fields }) => {
    const origin = originOfGrant(fields)
    if (origin === null || seen.has(origin)) return false
    seen.add(origin)
    return true
  })
  return [...stand, ...last]
}

/**
 * Writes other terms into a grant. A provider that comes in gets valet keys; one that goes keeps its own,
 * so that an app finds it in its place if the person changes their mind.
 */
export async function rewriteTerms(
  vault: OpenVault,
  record: GrantRecord,
  { terms, random }: { readonly terms: Terms; readonly random: Random },
): Promise<void> {
  const { valetKeys } = record.fields
  // An app that only connected has none, and is given none.
  const added =
    valetKeys.length === 0
      ? []
      : valetKeysFor(terms, random).filter(
          ({ provider }) => !valetKeys.some((own) => own.provider === provider),
        )
  await vault.updateRecord('grant', record.id, { terms, valetKeys: [...valetKeys, ...added] })
}

/** The valet keys that open something under these terms. */
export function keysInForce(valetKeys: readonly GrantValetKey[], terms: Terms): GrantValetKey[] {
  return valetKeys.filter((own) =>
    terms.providers.some(({ provider }) => provider === own.provider),
  )
}

interface NewGrant {
  readonly origin: string
  readonly terms: Terms
  readonly status: GrantStatus
  /** Unix ms */
  readonly now: number
  readonly random: Random
  /** Whether the app of before was connected: a site that is switched on anew keeps its session's door. */
  readonly connected: boolean
}

/** Writes a grant with fresh valet keys: one for each provider and shape. */
export async function createGrant(vault: OpenVault, given: NewGrant): Promise<void> {
  const { origin, terms, status, now: createdAt, random, connected } = given
  await vault.createRecord('grant', {
    ...{ subject: { origin }, terms, status, createdAt },
    valetKeys: valetKeysFor(terms, random),
    ...(connected && { connected }),
  })
}

/** Writes the grant of an app that asked for it itself: its id opens it, no valet key does. */
export async function createConnectedGrant(
  vault: OpenVault,
  { origin, terms, now: createdAt }: Pick<NewGrant, 'origin' | 'terms' | 'now'>,
): Promise<void> {
  const subject = { origin }
  const standing = { status: 'active', valetKeys: [], connected: true } as const
  await vault.createRecord('grant', { subject, terms, createdAt, ...standing, valetKeys: [] })
}

function valetKeysFor(terms: Terms, random: Random): GrantValetKey[] {
  return terms.providers.flatMap(({ provider }) =>
    providerById(provider).valetKeyShapes.map((shape): GrantValetKey => ({
      provider,
      shape,
      key: createValetKey(shape, random),
    })),
  )
}

/**
 * The site index, rebuilt from the grants: what is active or paused can be asked for. Of an origin only
 * the newest grant counts: one that a dying worker left behind opens nothing.
 */
export function indexOf(records: readonly GrantRecord[]): SiteIndexEntry[] {
  return standing(records).flatMap((record) => {
    const origin = originOfGrant(record.fields)
    return origin !== null && isLive(record.fields.status) ? entriesOf(record, origin) : []
  })
}

/** The newest grant of each origin that was not taken back: no other counts. */
export function liveGrants(records: readonly GrantRecord[]): readonly Grant[] {
  return standing(records).map(grantOf)
}

function entriesOf({ id, fields }: GrantRecord, origin: string): SiteIndexEntry[] {
  const entries: SiteIndexEntry[] = fields.valetKeys.map(({ provider, key }) => ({
    ...{ origin, provider, grantId: id },
    valetKeyHash: credentialHash({ valetKey: key }),
  }))
  if (fields.connected !== true) return entries
  const isPaused = fields.status === 'paused'
  const ofApp = { origin, provider: null, grantId: id, ...(isPaused && { isPaused }) }
  return [...entries, { ...ofApp, valetKeyHash: credentialHash({ grantRef: id }) }]
}

function newestFirst(records: readonly GrantRecord[]): GrantRecord[] {
  return [...records].sort((a, b) => b.fields.createdAt - a.fields.createdAt)
}

export function originOfGrant(fields: RecordFields<'grant'>): string | null {
  return 'origin' in fields.subject ? fields.subject.origin : null
}

function isLive(status: GrantStatus): boolean {
  return status === 'active' || status === 'paused'
}
