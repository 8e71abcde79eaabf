import type { UiHandler } from '../wallet.ts'

export const clipboardNoteCopy: UiHandler<'clipboard.note_copy'> = async ({ secret }, wallet) => ({
  clearsAt: await wallet.clipboard.noteCopy(secret),
})
