import type { UiHandler } from '../wallet.ts'

export const ownAppList: UiHandler<'own_app.list'> = async (_params, wallet) => {
  const device = await wallet.serverLink.device(await wallet.session.required())
  if (!device) return { server: null, apps: [] }
  return { server: device.origin, apps: [...(await device.session.ownApps.list())] }
}
