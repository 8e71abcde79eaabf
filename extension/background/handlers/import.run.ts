import { readImport } from '@valetkey/wallet/transfer'
import { bringKeys, knownKeys } from '../bring-keys.ts'
import type { UiHandler } from '../wallet.ts'

export const importRun: UiHandler<'import.run'> = async ({ text, chosen }, wallet) => {
  const vault = await wallet.session.required()
  return bringKeys(readImport(text, await knownKeys(vault, wallet)), chosen, vault, wallet)
}
