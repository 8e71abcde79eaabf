import { readImport } from '@valetkey/wallet/transfer'
import { knownKeys, showImport } from '../bring-keys.ts'
import type { UiHandler } from '../wallet.ts'

export const importPreview: UiHandler<'import.preview'> = async ({ text }, wallet) => {
  const vault = await wallet.session.required()
  return showImport(readImport(text, await knownKeys(vault, wallet)))
}
