/** The account as a whole: deleted, or set up anew from this device, here or at another server. */
import {
  WalletError,
  isWalletError,
  type DevicesDocument,
  type TokenReply,
} from '../protocol/index.ts'
import { deriveAccountKey, type VaultPorts } from '../vault/index.ts'
import { headOverDevices } from './device-list.ts'
import type { DeviceSession } from './device-session.ts'
import type { ServerClient } from './server-client.ts'
import { signUp, type SignUp, type SignUpPorts } from './sign-up.ts'
import { synchronise, type SyncClientPorts } from './sync-client.ts'
import type { SyncMemory } from './sync-ports.ts'

/**
 * Deletes the account and all that is stored for it; the vault on this device stays. Runs the KDF once.
 * @throws `vault.unlock_failed` for a wrong passphrase, before anything is sent; `auth.failed` where the
 * server knows another passphrase, or no such account; `provider.network`
 */
export async function deleteAccount(
  ports: Pick<VaultPorts, 'store' | 'kdf'> & { readonly client: ServerClient },
  of: { readonly accountId: string; readonly passphrase: string },
): Promise<void> {
  const { client } = ports
  const { seed } = await deriveAccountKey(ports, of.passphrase)
  try {
    const { accountId } = of
    await client.deleteAccount(await client.approve('delete', { accountId }, seed))
  } finally {
    seed.fill(0)
  }
}

export interface MovePorts extends SignUpPorts {
  /** This device at the server it moves to. */
  readonly session: DeviceSession
  /** Its store, and that server. Nothing else may sync meanwhile. */
  readonly sync: SyncClientPorts
  /** Takes the new session's token, before it is used. */
  readonly onSession: (session: TokenReply) => Promise<void>
}

export interface Move extends Pick<SignUp, 'passphrase' | 'recoveryKeyText'> {
  /** Whether what that server has of this account is thrown away first: after it was restored to an older state. */
  readonly replaces: boolean
}

/**
 * Makes this device's vault the state of a server: another one, or one that lost it. The chain of heads goes
 * on, so that a device that was up to date notices nothing but the place; one that was not is warned, and has
 * to join anew. The other devices are listed again only once everything is sent: a device that came in
 * between would take what is missing for deleted. Runs the KDF once, twice where it replaces.
 * @throws as {@link deleteAccount}, {@link signUp} and {@link synchronise}. Called again it begins anew
 */
export async function moveAccount(ports: MovePorts, move: Move): Promise<void> {
  const { vault, sync } = ports
  const { passphrase, recoveryKeyText, replaces } = move
  const before = await sync.store.read()
  if (replaces) await deleteIfThere(ports, { accountId: vault.accountId, passphrase })
  const from = { ...before, state: { ...before.state, devices: onlyThis(before, vault.deviceId) } }
  const { session, memory } = await signUp(ports, { passphrase, recoveryKeyText, from })
  await ports.onSession(session)
  await writeMemory(ports, before, memory)
  await synchronise(sync)
  await relist(ports, before.state.devices)
}

async function deleteIfThere(ports: MovePorts, of: { accountId: string; passphrase: string }) {
  try {
    await deleteAccount(ports, of)
  } catch (error) {
    // Gone already; and where it is not, signing up says so.
    if (!isWalletError(error, 'auth.failed')) throw error
  }
}

function onlyThis({ state }: SyncMemory, deviceId: string): DevicesDocument {
  const devices = state.devices.devices.filter(({ id }) => id === deviceId)
  if (devices.length === 0) throw new WalletError('vault.corrupt')
  const { identity, links } = state.devices
  return { identity, links, devices }
}

async function writeMemory(
  { sync }: MovePorts,
  { synced: before }: SyncMemory,
  { state, synced }: SyncMemory,
): Promise<void> {
  const kept = new Set(synced.map(({ recordId }) => recordId))
  const remove = before.map(({ recordId }) => recordId).filter((id) => !kept.has(id))
  await sync.store.commit({
    ...{ state, rows: [], expected: new Map(), epoch: sync.vault.epoch },
    synced: { put: synced, remove },
  })
}

/** The certificates of before are good: the identity is the same. */
async function relist(
  { vault, session, sync }: MovePorts,
  { devices: all }: DevicesDocument,
): Promise<void> {
  const memory = await sync.store.read()
  const { state } = memory
  if (state.devices.devices.length === all.length) return
  const devices = { ...state.devices, devices: all }
  const { vaultId, deviceId, epoch, minSuite } = sync.vault
  const writer = { vaultId, deviceId, epoch, minSuite, deviceSeed: sync.deviceSeed }
  const { base, head } = headOverDevices(memory, devices, writer)
  await session.changeDevices({ accountId: vault.accountId, base, changes: [], head, devices })
  await sync.store.commit({
    ...{ state: { ...state, head, devices }, rows: [], expected: new Map(), epoch },
    synced: { put: [], remove: [] },
  })
}
