/** Pairing, on a device that has the vault. Each step takes what the one before gave, plain data, no secret. */
import {
  DEVICES_PER_ACCOUNT,
  WalletError,
  fromBase64url,
  isWalletError,
  toBase64url,
  type SignedHeadText,
} from '../protocol/index.ts'
import {
  checkedRandom,
  equalBytes,
  exchangePublicKey,
  hpkeSealContent,
  sign,
} from '../crypto/index.ts'
import type { OpenVault } from '../vault/index.ts'
import { headOverDevices, isListed, withDevice } from './device-list.ts'
import type { DeviceSession } from './device-session.ts'
import { readIdentitySeed } from './identity-seed.ts'
import {
  commitTo,
  pairingRefused,
  pairingWords,
  readPairingCode,
  readReveal,
  transcriptOf,
  transferInfo,
  writePairingValue,
  type PairingOffer,
  type PairingReveal,
} from './pairing-forms.ts'
import type { ServerClient } from './server-client.ts'
import { pairMessage } from './signed.ts'
import { synchronise, type SyncClientPorts } from './sync-client.ts'

export interface OldPairingPorts {
  readonly client: ServerClient
  readonly session: DeviceSession
  readonly vault: OpenVault
}

export interface ClaimedPairing {
  readonly pairingId: string
  /** What the new device committed to, as it stood before this one made its offer. */
  readonly commit: string
  readonly offer: PairingOffer
  /** Unix milliseconds: five minutes from now at the latest. */
  readonly expiresAt: number
}

export interface RevealedPairing extends ClaimedPairing {
  readonly reveal: PairingReveal
  /** Six words, the same on both devices, or somebody stands between them. */
  readonly words: readonly string[]
}

const LIFE_MS = 5 * 60_000

/**
 * Takes the pairing whose code was typed, and makes this device's offer.
 * @throws `request.invalid` with the reason `code` for what is no code; `request.not_found` for another's;
 * `request.rate_limited` after five tries; `vault.locked`
 */
export async function claimPairing(
  { client, session, vault }: OldPairingPorts,
  codeText: string,
): Promise<ClaimedPairing> {
  const code = readPairingCode(codeText)
  const { x25519 } = await vault.readDeviceKeys()
  const offer = {
    pk: toBase64url(exchangePublicKey(x25519)),
    nonce: toBase64url(checkedRandom(client.random)(32)),
  }
  x25519.fill(0)
  const pairingId = await session.claimPairing(code)
  // Before the offer: who is committed cannot choose a key to fit it.
  const commit = await client.readPairing(pairingId, 'commit')
  if (commit === null) throw new WalletError('request.not_found')
  await session.writePairing(pairingId, 'offer', writePairingValue(offer))
  return { pairingId, commit, offer, expiresAt: client.clock() + LIFE_MS }
}

/**
 * The words to compare, once the new device has revealed itself. Null: not yet.
 * @throws `request.not_found` once the pairing is over; `sync.rollback` with the reason `pairing` for
 * another device than was committed to; `protocol.invalid_message`
 */
export async function readPairedDevice(
  client: ServerClient,
  pairing: ClaimedPairing,
): Promise<RevealedPairing | null> {
  const { pairingId, commit, offer, expiresAt } = pairing
  const text = await client.readPairing(pairingId, 'reveal')
  if (text === null) {
    if (client.clock() > expiresAt) throw new WalletError('request.not_found')
    return null
  }
  const reveal = readReveal(text)
  // C82: a key chosen after this device's nonce was seen could be made to give the same words.
  if (!equalBytes(commitTo(reveal), fromBase64url(commit))) throw pairingRefused()
  return { ...pairing, reveal, words: pairingWords(transcriptOf({ pairingId, offer, reveal })) }
}

export interface ConfirmPorts extends OldPairingPorts {
  /** Nothing else may sync meanwhile. */
  readonly sync: SyncClientPorts
  /** The Secret Key in the header of this vault: base64url. */
  readonly secretKey: string
}

/** How often it begins again because another device wrote meanwhile. */
const ROUNDS = 5

/**
 * The person said that the words are the same: certifies the new device, puts it on the list, and seals the
 * root key for it. To refuse is to do nothing: the pairing is over after five minutes. Called again it does
 * what is left.
 * @throws `request.not_found` once the pairing is over; `vault.quota` for an account with 32 devices;
 * `sync.conflict`, and what `synchronise` throws
 */
export async function confirmPairing(ports: ConfirmPorts, pairing: RevealedPairing): Promise<void> {
  const head = await listDevice(ports, pairing.reveal)
  const { client, session, vault, sync, secretKey } = ports
  const { pairingId, reveal } = pairing
  const transcript = transcriptOf(pairing)
  const root = vault.exportRootKeys().find(({ epoch }) => epoch === vault.epoch)
  if (!root) throw new WalletError('vault.locked')
  const { enc, sealed } = await hpkeSealContent(
    fromBase64url(reveal.pk),
    transferInfo(vault.vaultId, reveal.id, transcript),
    {
      ...{ epoch: root.epoch, vrk: root.rootKey, sk: secretKey, accountId: vault.accountId },
      ...{ server: client.origin, head: { head: head.head, sig: head.sig } },
    },
  )
  const value = writePairingValue({
    ...{ vaultId: vault.vaultId, enc: toBase64url(enc), sealed: toBase64url(sealed) },
    sig: toBase64url(sign(sync.deviceSeed, pairMessage(pairingId, transcript))),
  })
  try {
    await session.writePairing(pairingId, 'grant', value)
  } catch (error) {
    // An earlier call got that far: what it wrote opens as well.
    if (!isWalletError(error, 'request.replayed')) throw error
  }
}

/** @returns a head of this device's own, under which the new one is listed */
async function listDevice(ports: ConfirmPorts, reveal: PairingReveal): Promise<SignedHeadText> {
  const addedAt = ports.client.clock()
  for (let round = 1; ; round++) {
    try {
      return await listOnce(ports, reveal, addedAt)
    } catch (error) {
      if (round === ROUNDS || !isWalletError(error, 'sync.conflict')) throw error
    }
  }
}

async function listOnce(
  { session, vault, sync }: ConfirmPorts,
  reveal: PairingReveal,
  addedAt: number,
): Promise<SignedHeadText> {
  await synchronise(sync)
  const memory = await sync.store.read()
  const { state } = memory
  const { id, ed25519, pk: x25519 } = reveal
  const described = { id, ed25519, x25519, addedAt }
  let { devices } = state
  if (!isListed(devices.devices, described)) {
    if (devices.devices.length >= DEVICES_PER_ACCOUNT) throw new WalletError('vault.quota')
    const identitySeed = await readIdentitySeed(vault, state.identity)
    devices = withDevice(devices, described, { vaultId: vault.vaultId, identitySeed })
    identitySeed.fill(0)
  }
  const { vaultId, deviceId, epoch } = vault
  const { deviceSeed } = sync
  const writer = { vaultId, deviceId, epoch, minSuite: sync.vault.minSuite, deviceSeed }
  const { base, head } = headOverDevices(memory, devices, writer)
  await session.changeDevices({ accountId: vault.accountId, base, changes: [], head, devices })
  await sync.store.commit({
    ...{ state: { ...state, head, devices }, epoch },
    ...{ rows: [], expected: new Map(), synced: { put: [], remove: [] } },
  })
  return head
}
