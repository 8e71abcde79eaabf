/**
 * Pairing, on the new device. Each step takes what the one before gave, plain data for the session cache:
 * it holds the secrets of the device that will be. What is not there yet is null: ask again in some
 * seconds, `PAIRING_POLL_MS`.
 */
import {
  WalletError,
  createId,
  fromBase64url,
  isWalletError,
  toBase64url,
  type DeviceId,
} from '../protocol/index.ts'
import {
  checkedRandom,
  createKeySeed,
  exchangePublicKey,
  hpkeOpenContent,
  signingPublicKey,
  verifySignature,
} from '../crypto/index.ts'
import { isListed } from './device-list.ts'
import { createDeviceSession } from './device-session.ts'
import { decodeHead, signedHeadOf } from './head.ts'
import { admit, fetchWhole, headerOf, memoryOf, type JoinedVault } from './joined-vault.ts'
import {
  commitTo,
  pairingRefused,
  pairingWords,
  parseTransfer,
  readGrant,
  readOffer,
  transcriptOf,
  transferInfo,
  writePairingValue,
  type PairingOffer,
  type PairingReveal,
  type PairingTransfer,
} from './pairing-forms.ts'
import type { ServerClient } from './server-client.ts'
import { pairMessage } from './signed.ts'

/** The server takes sixty calls a minute of an address that has no session, and both devices may share one. */
export const PAIRING_POLL_MS = 3000

export interface BegunPairing {
  readonly pairingId: string
  /** Eight characters, typed on the old device. */
  readonly code: string
  /** Unix milliseconds, by the server's clock. */
  readonly expiresAt: number
  /** What this device will tell of itself. */
  readonly reveal: PairingReveal
  /** Secret: base64url of the seeds. */
  readonly seeds: { readonly ed25519: string; readonly x25519: string }
}

export interface OfferedPairing extends BegunPairing {
  readonly offer: PairingOffer
  /** Six words, the same on both devices, or somebody stands between them. */
  readonly words: readonly string[]
}

/** Makes the keys of this device, commits to them, and gets a code. */
export async function beginPairing(client: ServerClient): Promise<BegunPairing> {
  const random = checkedRandom(client.random)
  const [ed25519, x25519] = [createKeySeed(random), createKeySeed(random)]
  const reveal = {
    id: createId<DeviceId>(random),
    ed25519: toBase64url(signingPublicKey(ed25519)),
    pk: toBase64url(exchangePublicKey(x25519)),
    salt: toBase64url(random(32)),
  }
  const begun = await client.beginPairing(toBase64url(commitTo(reveal)))
  const seeds = { ed25519: toBase64url(ed25519), x25519: toBase64url(x25519) }
  return { ...begun, reveal, seeds }
}

/**
 * Reveals this device once the old one has made its offer. Null: the code was not typed yet.
 * @throws `request.not_found` once the pairing is over; `sync.rollback` with the reason `pairing` where
 * somebody else revealed in its place; `protocol.invalid_message`
 */
export async function readPairingWords(
  client: ServerClient,
  pairing: BegunPairing,
): Promise<OfferedPairing | null> {
  const { pairingId, reveal } = pairing
  const text = await client.readPairing(pairingId, 'offer')
  if (text === null) return notYet(client, pairing)
  const offer = readOffer(text)
  await revealOnce(client, pairingId, writePairingValue(reveal))
  return { ...pairing, offer, words: pairingWords(transcriptOf({ pairingId, offer, reveal })) }
}

/**
 * The vault, once the person confirmed on the old device. Ask for it only after the person said that the
 * words are the same here too: whoever stands between could hand over a vault of his own. Null: not yet.
 * @throws `request.not_found` once the pairing is over; `vault.corrupt` for a grant that is not for this
 * pairing; `sync.rollback` for a vault older than the one the old device has, or a list this device is not
 * on; `sync.conflict` where an epoch was opened meanwhile: begin again; `vault.newer`
 */
export async function joinByPairing(
  client: ServerClient,
  pairing: OfferedPairing,
): Promise<JoinedVault | null> {
  const { pairingId, reveal, seeds } = pairing
  const text = await client.readPairing(pairingId, 'grant')
  if (text === null) return notYet(client, pairing)
  const { vaultId, enc, sealed, sig } = readGrant(text)
  const transcript = transcriptOf(pairing)
  const content = await hpkeOpenContent(
    fromBase64url(seeds.x25519),
    transferInfo(vaultId, reveal.id, transcript),
    { enc: fromBase64url(enc), sealed: fromBase64url(sealed) },
  )
  const transfer = parseTransfer(content)
  if (transfer.server !== client.origin) throw pairingRefused()
  const signed = { message: pairMessage(pairingId, transcript), sig: fromBase64url(sig) }
  return takeOver(client, pairing, { transfer, signed })
}

interface Granted {
  readonly transfer: PairingTransfer
  /** What the old device signed. */
  readonly signed: { readonly message: Uint8Array; readonly sig: Uint8Array }
}

async function takeOver(
  client: ServerClient,
  { reveal, seeds }: OfferedPairing,
  { transfer, signed }: Granted,
): Promise<JoinedVault> {
  const { accountId, epoch } = transfer
  const keys = { ed25519: fromBase64url(seeds.ed25519), x25519: fromBase64url(seeds.x25519) }
  const device = { deviceId: reveal.id, keys }
  const sessions = { read: () => Promise.resolve(null), write: () => Promise.resolve() }
  const own = { deviceId: reveal.id, seed: keys.ed25519 }
  const session = createDeviceSession({ client, accountId, device: own, sessions })
  // C80: the old device's head says how new the vault is, whatever the server shows.
  const arrived = await fetchWhole(session, transfer.head)
  const { devices } = arrived.pulled.devices
  const writer = decodeHead(signedHeadOf(transfer.head).head)
  const old = devices.find(({ id }) => typeof writer !== 'string' && id === writer.writerDeviceId)
  const vouched = old && verifySignature(fromBase64url(old.ed25519), signed.message, signed.sig)
  const described = { id: reveal.id, ed25519: reveal.ed25519, x25519: reveal.pk }
  if (vouched !== true || !isListed(devices, described)) throw pairingRefused()
  if (arrived.head.epoch !== epoch) throw new WalletError('sync.conflict')
  const secretKey = fromBase64url(transfer.sk)
  const header = headerOf(arrived.head, { accountId, secretKey, deviceId: reveal.id })
  const entry = { epoch, rootKey: fromBase64url(transfer.vrk) }
  const { deviceRow, identitySeed, rootKeys } = admit(
    arrived,
    { header, entry },
    device,
    client.random,
  )
  for (const secret of [identitySeed, entry.rootKey]) secret.fill(0)
  const memory = memoryOf(arrived, arrived.pulled.headText)
  return { header, rows: [...arrived.rows, deviceRow], memory, rootKeys }
}

/** Written once: a second time it must be what stands there. */
async function revealOnce(client: ServerClient, pairingId: string, value: string): Promise<void> {
  try {
    await client.writeReveal(pairingId, value)
  } catch (error) {
    if (!isWalletError(error, 'request.replayed')) throw error
    if ((await client.readPairing(pairingId, 'reveal')) !== value) throw pairingRefused()
  }
}

function notYet(client: ServerClient, { expiresAt }: BegunPairing): null {
  if (client.clock() > expiresAt) throw new WalletError('request.not_found')
  return null
}
