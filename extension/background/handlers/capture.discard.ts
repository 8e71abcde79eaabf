import type { UiHandler } from '../wallet.ts'

/** A locked vault keeps nobody from saying no. */
export const captureDiscard: UiHandler<'capture.discard'> = async ({ id }, wallet) => {
  await wallet.captures.discard(id)
  return {}
}
