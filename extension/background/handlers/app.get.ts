import { describeApp } from '../apps.ts'
import type { UiHandler } from '../wallet.ts'

export const appGet: UiHandler<'app.get'> = async ({ grantId }, wallet) =>
  describeApp(await wallet.session.required(), grantId, wallet)
