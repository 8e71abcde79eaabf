import { writeCsv, writeEnv } from '@valetkey/wallet/transfer'
import { openAllKeys } from '../key-ring.ts'
import type { UiHandler } from '../wallet.ts'

export const exportKeys: UiHandler<'export.keys'> = async ({ format }, wallet) => {
  const vault = await wallet.session.required()
  // Whoever sits at an unlocked computer is not yet the person (security §2, stolen unlocked laptop).
  if (!wallet.session.isReauthenticated()) return { outcome: 'passphrase-needed' }
  const { records, damaged } = await openAllKeys(vault, wallet.removals)
  const keys = records.map(({ fields }) => fields)
  return {
    outcome: 'exported',
    text: format === 'env' ? writeEnv(keys) : writeCsv(keys),
    keyCount: keys.length,
    damagedCount: damaged.length,
  }
}
