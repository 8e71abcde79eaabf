import { WalletError, isWalletError } from '../protocol/index.ts'
import { parseHeader } from './header.ts'
import { isUnreadable } from './read-vault.ts'
import type { VaultStore } from './store.ts'

/**
 * Runs a step of an open vault, once more if another writer was faster or the vault went on in a new epoch
 * meanwhile.
 * @param epochNow the one the vault is open in, which a step may find changed
 * @throws `vault.locked` where the epoch is over and this vault did not go on: nothing of it is damaged,
 * and its keys open nothing any more
 */
export async function inEpoch<T>(
  step: () => Promise<T>,
  epochNow: () => number,
  store: Pick<VaultStore, 'readHeader'>,
): Promise<T> {
  const epoch = epochNow()
  try {
    return await step()
  } catch (error) {
    const overtaken = isWalletError(error, 'sync.conflict')
    if (!overtaken && !isUnreadable(error)) throw error
    const header = parseHeader(await store.readHeader())
    if (header !== null && header.epoch > epochNow()) throw new WalletError('vault.locked')
    if (!overtaken && epoch === epochNow()) throw error
    return step()
  }
}
