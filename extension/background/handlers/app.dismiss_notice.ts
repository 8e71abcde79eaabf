import type { UiHandler } from '../wallet.ts'

export const appDismissNotice: UiHandler<'app.dismiss_notice'> = async ({ id }, wallet) => {
  await wallet.appNotices.dismiss(id)
  wallet.announceChange()
  return {}
}
