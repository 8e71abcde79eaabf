/** The seed of the identity key, which certifies devices: a sealed record of the vault. */
import { WalletError, fromBase64url, toBase64url } from '../protocol/index.ts'
import type { Bytes } from '../crypto/bytes.ts'
import { signingPublicKey } from '../crypto/signing.ts'
import type { OpenVault } from '../vault/index.ts'

/** Of a vault without a device list: the one it was made with. @throws `vault.corrupt` where it has none */
export async function firstIdentitySeed(vault: OpenVault): Promise<Bytes> {
  const [seed] = await identitySeeds(vault)
  if (!seed) throw new WalletError('vault.corrupt')
  return seed
}

/** @param identity of the device list: base64url. @throws `vault.corrupt` where the vault has another */
export async function readIdentitySeed(vault: OpenVault, identity: string): Promise<Bytes> {
  const seeds = await identitySeeds(vault)
  const seed = seeds.find((each) => toBase64url(signingPublicKey(each)) === identity)
  if (!seed) throw new WalletError('vault.corrupt')
  return seed
}

async function identitySeeds(vault: OpenVault): Promise<readonly Bytes[]> {
  const { records } = await vault.listRecords('identity')
  return records.map(({ fields }) => fromBase64url(fields.seed))
}
