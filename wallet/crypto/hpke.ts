/**
 * HPKE in one fixed form (formats §11): Base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM,
 * one message, no associated data. What it is for stands in `info`, so that nothing sealed for one
 * purpose, device or pairing opens for another.
 */
import {
  AEAD_AES_256_GCM,
  CipherSuite,
  KDF_HKDF_SHA256,
  KEM_DHKEM_X25519_HKDF_SHA256,
  type KDF,
} from 'hpke'
import {
  WalletError,
  fromBase64url,
  isJsonObject,
  parseJson,
  toBase64url,
  type DeviceId,
  type EpochKey,
  type JsonObject,
  type VaultId,
} from '../protocol/index.ts'
import { canonicalBytes, label, u32, type Bytes } from './bytes.ts'
import { hkdfExpand, hkdfExtract } from './hash.ts'
import { SECRET_KEY_BYTES } from './secret-key.ts'
import { exchangePublicKey } from './signing.ts'
import { readRootKeyEntry, type RootKeyEntry } from './wrap.ts'

/** What was sealed for one X25519 key. */
export interface HpkeSealed {
  /** The encapsulated key, 32 bytes. */
  readonly enc: Bytes
  readonly sealed: Bytes
}

/**
 * HKDF on this thread. An exchange takes a dozen of its steps, each a few microseconds of work, and by WebCrypto
 * each is a walk to another thread and back: most of what a sealed call took.
 */
function kdfOnThisThread(): KDF {
  return {
    ...KDF_HKDF_SHA256(),
    Extract: (salt, inputKey) => Promise.resolve(hkdfExtract(salt, inputKey)),
    Expand: (key, info, sizeBytes) => Promise.resolve(hkdfExpand(key, info, sizeBytes)),
  }
}

/** Made at its first use: a page that pairs nothing loads nothing. */
function createSuite() {
  // The KEM derives its secret by a KDF of its own.
  const createKem = () => ({ ...KEM_DHKEM_X25519_HKDF_SHA256(), kdf: kdfOnThisThread() })
  return new CipherSuite(createKem, kdfOnThisThread, AEAD_AES_256_GCM)
}

/** Seals to a public key. @throws `request.invalid` for a key nothing can be agreed with */
export async function hpkeSeal(
  publicKey: Uint8Array,
  info: Uint8Array,
  plain: Uint8Array,
): Promise<HpkeSealed> {
  const suite = createSuite()
  try {
    const key = await suite.DeserializePublicKey(Uint8Array.from(publicKey))
    const { encapsulatedSecret, ciphertext } = await suite.Seal(key, plain, { info })
    return { enc: Uint8Array.from(encapsulatedSecret), sealed: Uint8Array.from(ciphertext) }
  } catch (cause) {
    // RFC 9180 §7.1.4: a point of small order gives everybody the same secret.
    throw new WalletError('request.invalid', { reason: 'exchange key' }, { cause })
  }
}

/** Opens with the secret of an X25519 key. @throws `vault.corrupt` for all that is wrong: one code */
export async function hpkeOpen(
  secret: Uint8Array,
  info: Uint8Array,
  { enc, sealed }: HpkeSealed,
): Promise<Bytes> {
  const suite = createSuite()
  try {
    const pair = await keyPair(suite, secret)
    return Uint8Array.from(await suite.Open(pair, enc, sealed, { info }))
  } catch (cause) {
    throw new WalletError('vault.corrupt', undefined, { cause })
  }
}

/** One exchange with a key: chunks sealed in order, and secrets of its own (RFC 9180 §5.2, §5.3). */
export interface HpkeSender {
  /** The encapsulated key, 32 bytes. */
  readonly enc: Bytes
  /** The next chunk, its nonce counted by the exchange. */
  readonly seal: (plain: Uint8Array, aad: Bytes) => Promise<Bytes>
  readonly exportSecret: (context: Uint8Array, sizeBytes: number) => Promise<Bytes>
}

/** The other side of {@link HpkeSender}. A chunk that does not open is not counted. */
export interface HpkeReceiver extends Pick<HpkeSender, 'exportSecret'> {
  readonly open: (sealed: Uint8Array, aad: Bytes) => Promise<Bytes>
}

/** @throws `request.invalid` for a key nothing can be agreed with */
export async function startHpke(publicKey: Uint8Array, info: Uint8Array): Promise<HpkeSender> {
  const suite = createSuite()
  try {
    const key = await suite.DeserializePublicKey(Uint8Array.from(publicKey))
    const { encapsulatedSecret, ctx } = await suite.SetupSender(key, { info })
    return {
      enc: Uint8Array.from(encapsulatedSecret),
      seal: async (plain, aad) => Uint8Array.from(await ctx.Seal(plain, aad)),
      exportSecret: async (context, sizeBytes) =>
        Uint8Array.from(await ctx.Export(context, sizeBytes)),
    }
  } catch (cause) {
    throw new WalletError('request.invalid', { reason: 'exchange key' }, { cause })
  }
}

/**
 * @param pair the secret key, and its public one where that is known: it takes a millisecond to work out
 * @throws `vault.corrupt` for an encapsulated key nothing can be agreed with
 */
export async function openHpke(
  { secret, publicKey }: { readonly secret: Uint8Array; readonly publicKey?: Uint8Array },
  info: Uint8Array,
  enc: Uint8Array,
): Promise<HpkeReceiver> {
  const suite = createSuite()
  try {
    const pair = await keyPair(suite, secret, publicKey)
    const ctx = await suite.SetupRecipient(pair, enc, { info })
    return {
      open: async (sealed, aad) => Uint8Array.from(await ctx.Open(sealed, aad)),
      exportSecret: async (context, sizeBytes) =>
        Uint8Array.from(await ctx.Export(context, sizeBytes)),
    }
  } catch (cause) {
    throw new WalletError('vault.corrupt', undefined, { cause })
  }
}

type Suite = ReturnType<typeof createSuite>
type KeyPair = Awaited<ReturnType<typeof importPair>>

/** By the very bytes of the secret: as long as somebody holds those. */
const pairs = new WeakMap<Uint8Array, Promise<KeyPair>>()

/** Of a key that opens one call after the other, once. */
function keyPair(suite: Suite, secret: Uint8Array, publicKey?: Uint8Array): Promise<KeyPair> {
  const known = pairs.get(secret)
  if (known) return known
  const imported = importPair(suite, secret, publicKey)
  pairs.set(secret, imported)
  return imported
}

/** The pair: WebCrypto derives no public key of a private one. */
async function importPair(
  suite: Suite,
  secret: Uint8Array,
  publicKey: Uint8Array = exchangePublicKey(secret),
) {
  return {
    privateKey: await suite.DeserializePrivateKey(Uint8Array.from(secret), false),
    publicKey: await suite.DeserializePublicKey(Uint8Array.from(publicKey)),
  }
}

/** Content in canonical JSON, sealed. Errors as {@link hpkeSeal}. */
export async function hpkeSealContent(
  publicKey: Uint8Array,
  info: Uint8Array,
  content: JsonObject,
): Promise<HpkeSealed> {
  const plain = canonicalBytes(content)
  try {
    return await hpkeSeal(publicKey, info, plain)
  } finally {
    plain.fill(0)
  }
}

/** @throws `vault.corrupt` */
export async function hpkeOpenContent(
  secret: Uint8Array,
  info: Uint8Array,
  sealed: HpkeSealed,
): Promise<JsonObject> {
  const plain = await hpkeOpen(secret, info, sealed)
  const content = parseJson(new TextDecoder().decode(plain))
  plain.fill(0)
  if (!isJsonObject(content)) throw new WalletError('vault.corrupt')
  return content
}

/** Which device of which vault a root key is for. */
export interface EpochKeyPlace {
  readonly vaultId: VaultId
  readonly deviceId: DeviceId
}

/** What a device that stays is given of a new epoch. */
export interface EpochSecrets extends RootKeyEntry {
  /** The Secret Key, 16 bytes, where the epoch has another one: without it the passphrase opens nothing there. */
  readonly secretKey?: Uint8Array | undefined
}

/** The secrets of a new epoch for a device that stays. @param x25519 the device's exchange key */
export async function sealEpochKey(
  place: EpochKeyPlace,
  x25519: Uint8Array,
  { epoch, rootKey, secretKey }: EpochSecrets,
): Promise<EpochKey> {
  const content = {
    ...{ epoch, vrk: toBase64url(rootKey) },
    ...(secretKey && { sk: toBase64url(secretKey) }),
  }
  const { enc, sealed } = await hpkeSealContent(x25519, epochInfo(place, epoch), content)
  return { deviceId: place.deviceId, enc: toBase64url(enc), sealed: toBase64url(sealed) }
}

/**
 * The secrets sealed for this device. They say nothing of who sealed them: believe the head first.
 * @param x25519 the secret of the device's exchange key
 * @throws `vault.corrupt` for another device's, another epoch's, or what is damaged
 */
export async function openEpochKey(
  place: EpochKeyPlace,
  x25519: Uint8Array,
  epoch: number,
  key: EpochKey,
): Promise<EpochSecrets> {
  if (key.deviceId !== place.deviceId) throw new WalletError('vault.corrupt')
  const sealed = { enc: fromBase64url(key.enc), sealed: fromBase64url(key.sealed) }
  const { sk, ...content } = await hpkeOpenContent(x25519, epochInfo(place, epoch), sealed)
  const entry = readRootKeyEntry(content, epoch)
  return sk === undefined ? entry : { ...entry, secretKey: readSecretKey(sk) }
}

function readSecretKey(text: unknown): Bytes {
  const bytes = typeof text === 'string' ? fromBase64url(text) : new Uint8Array()
  if (bytes.length !== SECRET_KEY_BYTES) throw new WalletError('vault.corrupt')
  return bytes
}

function epochInfo({ vaultId, deviceId }: EpochKeyPlace, epoch: number): Bytes {
  return label('epoch', fromBase64url(vaultId), fromBase64url(deviceId), u32(epoch))
}
