import { WalletError, isWalletError, type KeyId } from '../protocol/index.ts'
import { isSamePlace, placeProvider, providerById, type Provider } from '../providers/index.ts'
import type { OpenedKey } from './call.ts'
import type { CallVault } from './ports.ts'

/** Why a key is none: gone or put away, damaged, a later version's. */
const NO_KEY = ['request.not_found', 'vault.corrupt', 'vault.newer'] as const

/** The key for a provider where it stands, or why it is none. */
export async function openKey(
  keyId: KeyId,
  provider: Provider,
  vault: CallVault,
): Promise<OpenedKey | WalletError> {
  try {
    const key = await vault.openKey(keyId)
    // C78: a record swapped for another provider's must not send a key to the wrong host.
    if (key.provider !== provider.id) return new WalletError('vault.corrupt')
    // C27: a key goes to its own place alone, whatever other place the grant's keys name.
    const placed = placeProvider(providerById(key.provider), key.baseUrl)
    return placed && isSamePlace(placed, provider) ? key : new WalletError('request.not_found')
  } catch (error) {
    if (isWalletError(error) && NO_KEY.some((code) => code === error.code)) return error
    throw error
  }
}

/** The first of a grant's keys that is there, or why the last one is none. */
export async function openFirstKey(
  keyIds: readonly KeyId[],
  provider: Provider,
  vault: CallVault,
): Promise<OpenedKey | WalletError> {
  let opened: OpenedKey | WalletError | null = null
  for (const keyId of keyIds) {
    opened = await openKey(keyId, provider, vault)
    if (!isWalletError(opened)) return opened
  }
  return opened ?? new WalletError('request.not_found')
}
