import { keyIdSchema, type KeyId } from '@valetkey/wallet/protocol'
import type { KeyTurns } from '@valetkey/wallet/proxy'
import * as z from 'zod/mini'
import type { SessionMemory } from '../adapters/session-memory.ts'

/** By grant and provider, the key of a pool that served last. */
export const keyTurnsSchema = z.record(z.string(), keyIdSchema)
type Turns = z.infer<typeof keyTurnsSchema>

/** Kept beyond the worker's life: else each wake would begin with the key that is refused. */
export function createKeyTurns(memory: SessionMemory<Turns>): KeyTurns {
  let loading: Promise<Turns> | null = null
  const load = (): Promise<Turns> => (loading ??= memory.read().catch(() => ({})))
  return {
    read: async (grantId, provider): Promise<KeyId | null> =>
      (await load())[`${grantId} ${provider}`] ?? null,
    write(grantId, provider, keyId) {
      loading = load().then((turns) => ({ ...turns, [`${grantId} ${provider}`]: keyId }))
      // Forgotten with the worker at worst: then the next call is refused once more.
      void loading.then((turns) => memory.write(turns)).catch(() => undefined)
    },
  }
}
