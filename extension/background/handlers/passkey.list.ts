import type { UiHandler } from '../wallet.ts'

export const passkeyList: UiHandler<'passkey.list'> = async (_params, wallet) => ({
  passkeys: [...(await wallet.protection.passkeys())],
})
