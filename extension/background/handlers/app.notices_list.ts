import type { UiHandler } from '../wallet.ts'

export const appNoticesList: UiHandler<'app.notices_list'> = async (_params, wallet) => ({
  notices: [...(await wallet.appNotices.list(await wallet.session.required()))],
})
