import type { UiHandler } from '../wallet.ts'

/** Opens nothing: the copy holds what everybody with this disk has (docs/vault.md). */
export const recoveryCopy: UiHandler<'recovery.copy'> = async (_params, wallet) => ({
  text: await wallet.backups.copyAsStored(),
})
