import { listApps } from '../apps.ts'
import type { UiHandler } from '../wallet.ts'

export const appList: UiHandler<'app.list'> = async (_params, wallet) => ({
  apps: await listApps(await wallet.session.required(), wallet),
})
