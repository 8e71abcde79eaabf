import type { UiHandler } from '../wallet.ts'

export const siteSetLane: UiHandler<'site.set_lane'> = async (params, wallet) => {
  const vault = await wallet.session.required()
  if (params.lane === 'proxy') {
    await wallet.sites.setLane(vault, params.origin, { lane: 'proxy' })
    return { outcome: 'set' }
  }
  // Whoever sits at an unlocked computer must not be able to show the key to other extensions.
  if (!wallet.session.isReauthenticated()) return { outcome: 'passphrase-needed' }
  // Without it nothing would be counted.
  if (!(await wallet.inject.mayWatch())) return { outcome: 'permission-needed' }
  await wallet.sites.setLane(vault, params.origin, params)
  return { outcome: 'set' }
}
