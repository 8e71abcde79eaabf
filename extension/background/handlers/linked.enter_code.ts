import type { UiHandler } from '../wallet.ts'

export const linkedEnterCode: UiHandler<'linked.enter_code'> = async ({ code }, wallet) => ({
  outcome: await wallet.allowByCode(code),
})
