import {
  loadStrengthEstimator,
  type EstimateStrength,
  type Strength,
} from '@valetkey/wallet/vault/strength'

let loading: Promise<EstimateStrength> | null = null

/** How hard a passphrase is to guess. Its dictionaries are loaded once, with the first character typed. */
export async function estimateStrength(passphrase: string): Promise<Strength> {
  loading ??= loadStrengthEstimator()
  const estimate = await loading.catch((error: unknown) => {
    loading = null
    throw error
  })
  return estimate(passphrase)
}
