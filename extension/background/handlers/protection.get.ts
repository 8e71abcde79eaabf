import type { UiHandler } from '../wallet.ts'

export const protectionGet: UiHandler<'protection.get'> = (_params, wallet) =>
  wallet.protection.describe()
