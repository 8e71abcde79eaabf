import { suggestPassphrase } from '@valetkey/wallet/vault'
import type { UiHandler } from '../wallet.ts'

export const vaultSuggestPassphrase: UiHandler<'vault.suggest_passphrase'> = (_params, wallet) =>
  Promise.resolve({ passphrase: suggestPassphrase(wallet.random) })
