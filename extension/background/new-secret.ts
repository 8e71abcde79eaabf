import { WalletError, isValetKey, type ProviderKey } from '@valetkey/wallet/protocol'
import { recogniseKey } from '@valetkey/wallet/providers'

/**
 * What a person typed as a provider key. A valet key saved as a key would make the wallet call itself in
 * circles; an admin key could do far more than call models (C39).
 * @throws `request.unprocessable`
 */
export function readNewSecret(typed: string): ProviderKey {
  const secret = typed.trim()
  if (secret === '' || isValetKey(secret) || recogniseKey(secret)?.storable === false) {
    throw new WalletError('request.unprocessable')
  }
  return secret as ProviderKey // what the person typed is one from here on
}
