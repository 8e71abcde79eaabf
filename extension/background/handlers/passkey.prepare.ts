import type { UiHandler } from '../wallet.ts'

export const passkeyPrepare: UiHandler<'passkey.prepare'> = (_params, wallet) =>
  Promise.resolve(wallet.protection.preparePasskey())
