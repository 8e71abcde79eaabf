/** A vault of this device becomes an account of a server. */
import {
  WalletError,
  isWalletError,
  toBase64url,
  type LimitParts,
  type RegisterRequest,
  type TokenReply,
} from '../protocol/index.ts'
import { sign, signingPublicKey } from '../crypto/signing.ts'
import {
  deriveAccountKey,
  deriveRecoveryAccountKey,
  type AccountKey,
  type OpenVault,
  type VaultPorts,
} from '../vault/index.ts'
import { describeDevice, firstDocument } from './device-list.ts'
import { firstIdentitySeed } from './identity-seed.ts'
import { makePush } from './make-push.ts'
import type { ServerClient } from './server-client.ts'
import { asJson, registerMessage } from './signed.ts'
import type { SyncMemory } from './sync-ports.ts'

export interface SignUpPorts extends Pick<VaultPorts, 'store' | 'kdf'> {
  readonly client: ServerClient
  readonly vault: OpenVault
}

export interface SignUp {
  readonly passphrase: string
  /** As the person typed it, `VR1-…`: the kit in force. */
  readonly recoveryKeyText: string
  /** What an earlier server has of this vault: the chain of heads goes on. Absent: a first head. */
  readonly from?: SyncMemory
}

export interface SignedUp {
  readonly session: TokenReply
  /** What sync begins from: the first one sends all that did not fit. */
  readonly memory: SyncMemory
}

/**
 * Registers this vault under its account id. Runs the KDF once. Where the reply is lost and this is called
 * again, the account is found to be this device's and sync begins by pulling.
 * @throws `vault.unlock_failed` for a passphrase or recovery key that does not open this vault, before
 * anything is sent; `request.invalid` with a reason for a mistyped recovery key; `request.unprocessable`
 * where the id is taken by another; `auth.forbidden` where registration is closed; `vault.quota`;
 * `provider.network`; `vault.locked`, `vault.corrupt`
 */
export async function signUp(ports: SignUpPorts, how: SignUp): Promise<SignedUp> {
  const { client, vault } = ports
  const recoverySeed = await deriveRecoveryAccountKey(ports, how.recoveryKeyText)
  const account = await deriveAccountKey(ports, how.passphrase)
  const { ed25519: deviceSeed } = await vault.readDeviceKeys()
  try {
    const keys = { account, recoverySeed, deviceSeed }
    const { body, memory } = await firstPush(ports, keys, how.from)
    try {
      return { session: await registerOnce(client, body), memory }
    } catch (error) {
      if (!isWalletError(error, 'request.unprocessable')) throw error
      const session = await ownSession(ports, account, deviceSeed)
      if (session === null) throw error
      const { state } = memory
      return { session, memory: { state: { ...state, head: null, floor: 0 }, synced: [] } }
    }
  } finally {
    for (const seed of [recoverySeed, account.seed, deviceSeed]) seed.fill(0)
  }
}

interface SignUpKeys {
  readonly account: AccountKey
  readonly recoverySeed: Uint8Array
  readonly deviceSeed: Uint8Array
}

/** The wraps, and of the records what fits: the head covers exactly that. */
async function firstPush(
  { client, vault }: SignUpPorts,
  { account, recoverySeed, deviceSeed }: SignUpKeys,
  from: SyncMemory | undefined,
): Promise<{ body: RegisterRequest; memory: SyncMemory }> {
  const { accountId, vaultId, deviceId } = vault
  const before = from ?? (await emptyMemory(vault, client.clock()))
  const rows = await vault.readShared()
  const wrapsFirst = [...rows].sort((a, b) => Number(!a.method) - Number(!b.method))
  // The new server has none of them.
  const base = { state: { ...before.state, outbox: null }, synced: [] }
  const writer = { ...{ vaultId, deviceId, epoch: vault.epoch, minSuite: 1 } }
  const push = makePush(base, wrapsFirst, { vault: writer, deviceSeed, floor: base.state.floor })
  if (push === null) throw new WalletError('vault.corrupt')
  const { outbox } = push
  const { changes, head } = outbox.push
  const unsigned = {
    ...{ accountId, suite: 1 as const, salt: account.salt, kdf: { ...account.kdf } },
    accountKey: toBase64url(signingPublicKey(account.seed)),
    recoveryKey: toBase64url(signingPublicKey(recoverySeed)),
    ...{ devices: base.state.devices, head },
    wraps: changes.filter(({ method }) => method !== undefined),
    changes: changes.filter(({ method }) => method === undefined),
  }
  const place = { accountId, serverOrigin: client.origin }
  const message = registerMessage(place, asJson(unsigned))
  const by = (seed: Uint8Array) => toBase64url(sign(seed, message))
  const signatures = { account: by(account.seed), device: by(deviceSeed) }
  const state = { ...base.state, head, cursor: null }
  return { body: { ...unsigned, signatures }, memory: { state, synced: outbox.rows } }
}

/** Of a vault that no server has seen: this device, certified by the identity. @throws `vault.corrupt` */
async function emptyMemory(vault: OpenVault, nowMs: number): Promise<SyncMemory> {
  const identitySeed = await firstIdentitySeed(vault)
  const seeds = await vault.readDeviceKeys()
  const entry = describeDevice(vault.deviceId, seeds, nowMs)
  const devices = firstDocument(entry, { vaultId: vault.vaultId, identitySeed })
  const nothingYet = { head: null, cursor: null, floor: 0, outbox: null }
  const parts = await partsOfBefore(vault)
  return { state: { ...nothingYet, devices, identity: devices.identity, parts }, synced: [] }
}

/** C67: where this vault was synced before, its allocation goes along, and is all that a newcomer counts with. */
async function partsOfBefore(vault: OpenVault): Promise<LimitParts> {
  const { allocations } = await vault.readAllocations()
  const own = allocations.find(({ fields }) => fields.deviceId === vault.deviceId)
  return own?.fields.parts ?? {}
}

/** The same body again is the same registration. */
async function registerOnce(client: ServerClient, body: RegisterRequest): Promise<TokenReply> {
  try {
    return await client.register(body)
  } catch (error) {
    if (!isWalletError(error, 'provider.network')) throw error
    return client.register(body)
  }
}

/** The session of this device at an account that stands already; null where it is somebody else's. */
async function ownSession(
  { client, vault }: SignUpPorts,
  account: AccountKey,
  seed: Uint8Array,
): Promise<TokenReply | null> {
  const { accountId, deviceId } = vault
  // Registered under another passphrase: what is derived of this one would approve nothing there.
  if ((await client.prelogin(accountId)).salt !== account.salt) return null
  try {
    const { token, expiresAt } = await client.login({ accountId, deviceId, seed })
    return { token, expiresAt }
  } catch (error) {
    if (isWalletError(error, 'auth.failed')) return null
    throw error
  }
}
