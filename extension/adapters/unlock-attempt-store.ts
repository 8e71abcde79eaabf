import type { UnlockAttemptStore } from '@valetkey/wallet/vault'
import { browser } from './browser.ts'

const KEY = 'vault.attempts'

/** The count of wrong passphrases in `storage.local`: it outlives worker and browser. */
export function createUnlockAttemptStore(): UnlockAttemptStore {
  return {
    read: async () => (await browser.storage.local.get(KEY))[KEY],
    write: (state) => browser.storage.local.set({ [KEY]: state }),
  }
}
