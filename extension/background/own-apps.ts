/** The apps a person builds, at the server of their vault. */
import type { OwnApps } from '@valetkey/wallet/sync'
import { notThere } from './named-server.ts'
import type { Wallet } from './wallet.ts'

/** @throws `vault.locked`; `request.invalid` (reason `server`) for a vault without a server */
export async function ownAppsOf({
  session,
  serverLink,
}: Pick<Wallet, 'session' | 'serverLink'>): Promise<OwnApps> {
  const device = await serverLink.device(await session.required())
  if (!device) throw notThere()
  return device.session.ownApps
}
