import { assertKept } from '../key-ring.ts'
import type { UiHandler } from '../wallet.ts'

/** Answers only a window of ours: `isOwnWindow` stands before every handler. */
export const keyReveal: UiHandler<'key.reveal'> = async ({ keyId }, wallet) => {
  const vault = await wallet.session.required()
  if (!(await wallet.settings.read()).revealKeys) return { outcome: 'switched-off' }
  // Whoever sits at an unlocked computer is not yet the person (security §2, stolen unlocked laptop).
  if (!wallet.session.isReauthenticated()) return { outcome: 'passphrase-needed' }
  await assertKept(vault, wallet.removals, keyId)
  const { secret } = await vault.openProviderKey(keyId)
  return { outcome: 'shown', secret }
}
