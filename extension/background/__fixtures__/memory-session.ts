import type { Clock, Random } from '@valetkey/wallet/protocol'
import { createMemoryVaultStore, fastTestKdf } from '@valetkey/wallet/testing'
import {
  ABSOLUTE_LOCK_MS,
  IDLE_LOCK_MS,
  createUnlockAttempts,
  type VaultStore,
} from '@valetkey/wallet/vault'
import type { Unlocked } from '../../adapters/session-cache.ts'
import { VaultSession } from '../vault-session.ts'

interface Given {
  readonly clock: Clock
  readonly random: Random
  /** Absent: an empty one. */
  readonly store?: VaultStore
}

/** A session over memory, with the usual periods: no try of a passphrase is counted, no lock is told. */
export function createMemorySession({
  clock,
  random,
  store = createMemoryVaultStore(),
}: Given): VaultSession {
  let unlocked: Unlocked | null = null
  return new VaultSession({
    vault: { store, kdf: fastTestKdf, clock, random },
    attempts: createUnlockAttempts({
      store: { read: () => Promise.resolve(undefined), write: () => Promise.resolve() },
      clock,
    }),
    cache: {
      read: () => Promise.resolve(unlocked),
      write: (next) => Promise.resolve(void (unlocked = next)),
      clear: () => Promise.resolve(void (unlocked = null)),
    },
    clock,
    periods: () => Promise.resolve({ idleMs: IDLE_LOCK_MS, absoluteMs: ABSOLUTE_LOCK_MS }),
    onLock: () => undefined,
  })
}
