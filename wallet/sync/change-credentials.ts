/**
 * Changes of a vault with an account that the server takes first: another passphrase, another epoch, a device
 * less. The epoch is entered by pulling it, like any that another device opened: so it makes no difference
 * where the worker dies or the answer is lost, as long as one of the devices hears of the server again.
 */
import {
  WalletError,
  fromBase64url,
  isWalletError,
  toBase64url,
  type CredentialsRequest,
  type DeviceId,
  type DevicesDocument,
  type EpochKey,
  type JsonObject,
  type SignedHeadText,
  type TokenReply,
} from '../protocol/index.ts'
import { sealEpochKey } from '../crypto/index.ts'

import { signingPublicKey } from '../crypto/signing.ts'
import {
  preparePassphrase,
  prepareRenewal,
  type NewCredentials,
  type OpenVault,
  type PassphraseChange,
  type PreparedRenewal,
  type RecoveryKit,
  type Renewal,
  type StoredRow,
  type VaultPorts,
} from '../vault/index.ts'
import { trustedHead } from './believe.ts'
import { certifyDevice, epochKeysHash, linkIdentity } from './devices.ts'
import { headOverDevices } from './device-list.ts'
import { headHash, signedHeadOf } from './head.ts'
import type { ServerClient } from './server-client.ts'
import { readIdentitySeed } from './identity-seed.ts'
import { synchronise, type SyncClientPorts, type SyncOutcome } from './sync-client.ts'
import type { SyncMemory } from './sync-ports.ts'
import { asJson } from './signed.ts'
import { syncedRow, toWire } from './wire-rows.ts'

export interface CredentialsPorts {
  readonly ports: VaultPorts
  readonly vault: OpenVault
  readonly client: Pick<ServerClient, 'approve' | 'changeCredentials'>
  readonly sync: SyncClientPorts
  /** Every session of before is over: this one goes on. */
  readonly onSession: (session: TokenReply) => Promise<void>
}

export interface EpochOpening extends Omit<Renewal, 'removesDevice'> {
  /** Devices that are to read nothing from now on. */
  readonly removes?: readonly DeviceId[] | undefined
}

export interface OpenedEpoch {
  /** The only kit that recovers the vault from now on. */
  readonly kit: RecoveryKit
  readonly lostPasskeys: readonly string[]
  readonly outcome: SyncOutcome
}

/** Another device pushing at the same moment costs a round. */
const ROUNDS = 5

/**
 * Opens a new epoch, with or without taking devices off the list. Runs the KDF twice a round.
 * @throws `provider.network` where it is not known whether the server took it: the next sync tells, and where
 * that enters an epoch, a new kit must be made, as this one is lost; else as `rotateRootKey`,
 * {@link synchronise} and the server's `changeCredentials`
 */
export async function openEpoch(
  how: CredentialsPorts,
  opening: EpochOpening,
): Promise<OpenedEpoch> {
  const { ports, vault } = how
  const { removes = [], ...renewal } = opening
  if (removes.includes(vault.deviceId)) throw new WalletError('request.unprocessable')
  for (let round = 0; round < ROUNDS; round++) {
    await synchronise(how.sync)
    const prepared = await prepareRenewal(ports, { ...renewal, removesDevice: removes.length > 0 })
    const { rootKey, kit, lostPasskeys } = prepared
    const secrets = [rootKey, prepared.seed, prepared.approvedBy, prepared.recoverySeed]
    try {
      const memory = await how.sync.store.read()
      const staying = await nextDocument(how, memory, prepared, removes)
      const keys = await sealKeys(how.vault, staying, prepared)
      const devices = { ...staying, keysHash: epochKeysHash(keys) }
      const head = nextHead(how, memory, prepared, devices)
      const sent = { ...head, devices, keys, recoveryKey: publicKey(prepared.recoverySeed) }
      const outcome = await send(how, prepared, sent)
      if (outcome !== null) return { kit, lostPasskeys, outcome }
    } finally {
      for (const secret of secrets) secret.fill(0)
      prepared.identitySeed?.fill(0)
    }
  }
  throw new WalletError('sync.conflict')
}

/**
 * Another passphrase for the vault and its account: from now on every device opens with it. The kit stays.
 * @throws `provider.network` where it is not known which passphrase holds: the next sync tells; else as
 * `changePassphrase`, {@link synchronise} and the server's `changeCredentials`
 */
export async function changeSyncedPassphrase(
  how: CredentialsPorts,
  change: PassphraseChange,
): Promise<SyncOutcome> {
  for (let round = 0; round < ROUNDS; round++) {
    await synchronise(how.sync)
    const prepared = await preparePassphrase(how.ports, change)
    try {
      const memory = await how.sync.store.read()
      const { devices } = memory.state
      const head = nextHead(how, memory, { ...prepared, epoch: how.vault.epoch }, devices)
      const outcome = await send(how, prepared, { ...head, devices })
      if (outcome !== null) return outcome
    } finally {
      for (const secret of [prepared.seed, prepared.approvedBy]) secret.fill(0)
    }
  }
  throw new WalletError('sync.conflict')
}

/** What a head over new rows makes of them. */
interface Sent extends Pick<
  CredentialsRequest,
  'base' | 'wraps' | 'changes' | 'devices' | 'keys' | 'recoveryKey'
> {
  readonly head: SignedHeadText
}

/** @returns null where another device was faster, and nothing was taken */
async function send(
  how: CredentialsPorts,
  { salt, kdf, seed, approvedBy }: NewCredentials,
  sent: Sent,
): Promise<SyncOutcome | null> {
  const { client, vault } = how
  const { keys, recoveryKey, ...rest } = sent
  const body = {
    ...{ accountId: vault.accountId, suite: 1 as const, salt, kdf: { ...kdf } },
    ...{ accountKey: publicKey(seed), ...rest },
    ...(keys && { keys: [...keys] }),
    ...(recoveryKey !== undefined && { recoveryKey }),
  }
  try {
    const signed = await client.approve(
      'credentials',
      asJson(body) as typeof body & JsonObject,
      approvedBy,
    )
    await how.onSession(await client.changeCredentials(signed))
  } catch (error) {
    // Lost, or sent once more after it was taken: what the server has tells.
    if (!isUncertain(error)) throw error
    const outcome = await synchronise(how.sync)
    if (await isTaken(how, sent.head)) return outcome
    if (isWalletError(error, 'sync.conflict')) return null
    throw error
  }
  return synchronise(how.sync)
}

function isUncertain(error: unknown): boolean {
  return (['provider.network', 'auth.failed', 'sync.conflict'] as const).some((code) =>
    isWalletError(error, code),
  )
}

/** Whether the head that was sent is in the chain of the one that is believed. */
async function isTaken({ sync }: CredentialsPorts, text: SignedHeadText): Promise<boolean> {
  const { state } = await sync.store.read()
  const newest = trustedHead(state.head)
  const signed = signedHeadOf(text)
  const sent = trustedHead(text)
  if (!newest || !sent || newest.seq < sent.seq) return false
  const same = (other: SignedHeadText) =>
    toBase64url(headHash(signedHeadOf(other))) === toBase64url(headHash(signed))
  if (newest.seq === sent.seq) return state.head !== null && same(state.head)
  const { heads } = await sync.server.heads(sent.seq, sent.seq)
  return heads.some(same)
}

function nextHead(
  { vault, sync }: CredentialsPorts,
  { state, synced }: SyncMemory,
  { rows, epoch }: { readonly rows: readonly StoredRow[]; readonly epoch: number },
  devices: DevicesDocument,
) {
  const stored = trustedHead(state.head)
  const seq = (stored?.seq ?? 0) + 1
  const after = new Map(synced.map((row) => [row.recordId, row]))
  for (const row of rows) after.set(row.recordId, syncedRow(row, seq))
  const minSuite = Math.max(sync.vault.minSuite, stored?.minSuite ?? 0)
  const writer = { vaultId: vault.vaultId, deviceId: vault.deviceId, epoch, minSuite }
  const { deviceSeed } = sync
  const memory = { state, synced: [...after.values()] }
  const { base, head } = headOverDevices(memory, devices, { ...writer, deviceSeed })
  const wire = rows.map(toWire)
  return {
    ...{ base, head },
    wraps: wire.filter(({ method }) => method !== undefined),
    changes: wire.filter(({ method }) => method === undefined),
  }
}

/** The devices that stay, under the identity of the epoch. */
async function nextDocument(
  { vault }: CredentialsPorts,
  { state }: SyncMemory,
  { identitySeed }: PreparedRenewal,
  removes: readonly string[],
): Promise<DevicesDocument> {
  const { devices, links, identity } = state.devices
  const staying = devices.filter(({ id }) => !removes.includes(id))
  if (!identitySeed) return { identity, links, devices: staying }
  const { vaultId } = vault
  const before = await readIdentitySeed(vault, identity)
  const link = linkIdentity(before, signingPublicKey(identitySeed), vaultId)
  before.fill(0)
  return {
    ...{ identity: link.to, links: [...links, link] },
    devices: staying.map(({ id, ed25519, x25519, addedAt }) =>
      certifyDevice({ id, ed25519, x25519, addedAt }, vaultId, identitySeed),
    ),
  }
}

async function sealKeys(
  { vaultId }: OpenVault,
  { devices }: DevicesDocument,
  { epoch, rootKey, secretKey }: PreparedRenewal,
): Promise<EpochKey[]> {
  return Promise.all(
    devices.map(({ id, x25519 }) => {
      const place = { vaultId, deviceId: id as DeviceId }
      return sealEpochKey(place, fromBase64url(x25519), { epoch, rootKey, secretKey })
    }),
  )
}

function publicKey(seed: Uint8Array): string {
  return toBase64url(signingPublicKey(seed))
}
