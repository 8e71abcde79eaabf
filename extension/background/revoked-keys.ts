/**
 * Stored keys that their provider's dashboard lists as revoked. The page is believed in nothing: it only
 * has a key tried at its provider, whose answer counts.
 */
import {
  createTurns,
  keyIdSchema,
  type Clock,
  type KeyId,
  type KeyMask,
  type ProviderId,
} from '@valetkey/wallet/protocol'
import { placeProvider, providerById } from '@valetkey/wallet/providers'
import { testKey, type Forward } from '@valetkey/wallet/proxy'
import type { OpenVault } from '@valetkey/wallet/vault'
import * as z from 'zod/mini'
import type { SessionMemory } from '../adapters/session-memory.ts'
import type { KeyRemovals } from './key-removals.ts'
import { openAllKeys } from './key-ring.ts'

/** A key is not tried again before this, whatever pages list. */
const AGAIN_AFTER_MS = 10 * 60_000
/** No page has more keys tried at once. */
const MOST_AT_ONCE = 5
/** Less than this of a key's end is in too many others. */
const SHORTEST_END = 4

/** Key id → when it was tried, Unix ms. */
export const triedKeysSchema = z.record(keyIdSchema, z.int())
type TriedKeys = z.infer<typeof triedKeysSchema>

interface RevokedKeysPorts {
  readonly memory: SessionMemory<TriedKeys>
  readonly clock: Clock
  readonly forward: Forward
  readonly removals: KeyRemovals
  /** Null while locked: then nothing is done, and nothing remembered. */
  readonly openVault: () => Promise<OpenVault | null>
  readonly announceChange: () => void
}

export class RevokedKeys {
  readonly #ports: RevokedKeysPorts
  readonly #alone = createTurns()

  constructor(ports: RevokedKeysPorts) {
    this.#ports = ports
  }

  /** Tries the keys of a provider that fit these masks; one list after the other. */
  look(provider: ProviderId, masks: readonly KeyMask[]): Promise<void> {
    return this.#alone(async () => {
      const vault = await this.#ports.openVault()
      if (!vault) return
      const { records } = await openAllKeys(vault, this.#ports.removals)
      const fitting = records.filter(
        ({ fields }) =>
          fields.provider === provider &&
          fields.baseUrl === null &&
          !fields.archived &&
          fields.lastTest?.outcome !== 'refused' &&
          masks.some((mask) => fits(fields.secret, mask)),
      )
      const due = await this.#takeDue(fitting.map(({ id }) => id))
      await Promise.all(due.map((keyId) => this.#try(vault, keyId)))
      if (due.length > 0) this.#ports.announceChange()
    })
  }

  /** Written before they are tried: a worker that dies in between has tried them. */
  async #takeDue(keyIds: readonly KeyId[]): Promise<readonly KeyId[]> {
    const now = this.#ports.clock()
    const tried = Object.entries(await this.#ports.memory.read()).filter(
      ([, at]) => at <= now && at + AGAIN_AFTER_MS > now,
    )
    const recent = new Set(tried.map(([keyId]) => keyId))
    const due = keyIds.filter((keyId) => !recent.has(keyId)).slice(0, MOST_AT_ONCE)
    const all: TriedKeys = Object.fromEntries([...tried, ...due.map((id) => [id, now] as const)])
    await this.#ports.memory.write(all)
    return due
  }

  async #try(vault: OpenVault, keyId: KeyId): Promise<void> {
    const { provider, secret } = await vault.openProviderKey(keyId)
    const facts = placeProvider(providerById(provider), null)
    if (!facts) return
    const outcome = await testKey(facts, secret, this.#ports.forward)
    // That nobody answered says nothing about a key that worked.
    if (outcome === 'unreachable') return
    await vault.updateRecord('key', keyId, { lastTest: { at: this.#ports.clock(), outcome } })
  }
}

/** Both ends have to fit, and must not be the same characters. */
function fits(secret: string, { start, end }: KeyMask): boolean {
  if (end.length < SHORTEST_END || start.length + end.length > secret.length) return false
  return secret.startsWith(start) && secret.endsWith(end)
}
