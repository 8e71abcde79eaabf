import { WalletError, keysOf, type KeyId, type ProviderId, type Terms } from '../protocol/index.ts'

/** A key a grant may name. */
interface UsableKey {
  readonly id: KeyId
  readonly fields: { readonly provider: ProviderId }
}

/** A grant names only keys that can be used, and only providers those keys are for. @throws `request.unprocessable` */
export function assertTermsFit(usable: readonly UsableKey[], terms: Terms): void {
  for (const { provider, keys } of terms.providers) {
    for (const keyId of keysOf(keys)) {
      const key = usable.find(({ id }) => id === keyId)
      if (key?.fields.provider !== provider) throw new WalletError('request.unprocessable')
    }
  }
  // Compatibility mode is switched on by itself, after the passphrase and in its own words.
  if (terms.lane !== 'proxy') throw new WalletError('grant.lane_denied')
}
