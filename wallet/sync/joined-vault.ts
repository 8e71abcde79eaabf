/** A vault that comes to a new device: what is believed of it, and what is written down. */
import {
  WalletError,
  toBase64url,
  type AccountId,
  type DeviceId,
  type Random,
  type SignedHeadText,
} from '../protocol/index.ts'
import type { RootKeyEntry } from '../crypto/index.ts'
import {
  admitDevice,
  type AdmittedDevice,
  type DeviceKeys,
  type ExportedRootKey,
  type StoredRow,
  type VaultHeader,
} from '../vault/index.ts'
import { believe, type Believed } from './believe.ts'
import { decodeHead, type Head } from './head.ts'
import { pullPages, type Pulled } from './pull-pages.ts'
import type { SyncMemory, SyncServer } from './sync-ports.ts'

/** All of it is written in one commit, where no vault is. Then `reopenVault` opens it. */
export interface JoinedVault {
  readonly header: VaultHeader
  /** With the keys of this device. */
  readonly rows: readonly StoredRow[]
  readonly memory: SyncMemory
  /** Secret: for the session cache. */
  readonly rootKeys: readonly ExportedRootKey[]
}

/** The whole of a vault, as far as a device can tell that has never seen it. */
export interface ArrivedRows {
  readonly pulled: Pulled
  readonly believed: Believed
  readonly head: Head
  readonly rows: readonly StoredRow[]
}

/**
 * Pulls everything.
 * @param known a head that a device of this vault vouched for; null: the server's word alone
 * @throws `sync.rollback` for what no devices of one vault can have written, `vault.newer`
 */
export async function fetchWhole(
  server: Pick<SyncServer, 'pull' | 'heads'>,
  known: SignedHeadText | null,
): Promise<ArrivedRows> {
  const pulled = await pullPages(server, null, 0)
  const head = decodeHead(pulled.head.head)
  if (typeof head === 'string') throw new WalletError('sync.rollback', { reason: head })
  if (head.minSuite > SUITE) throw new WalletError('vault.newer')
  const memory = { state: stateOf(pulled, known), synced: [] }
  const believed = await believe(pulled, memory, { vaultId: head.vaultId }, server)
  const rows = [...pulled.rows.values()].flatMap(({ row, synced }) =>
    believed.synced.get(row.recordId) === synced ? [row] : [],
  )
  return { pulled, believed, head, rows }
}

const SUITE = 1

function stateOf({ devices, cursor }: Pulled, head: SignedHeadText | null): SyncMemory['state'] {
  return { head, devices, identity: devices.identity, cursor, floor: 0, outbox: null }
}

/** What sync begins from on this device, were `headText` the newest head. */
export function memoryOf(
  { pulled, believed }: ArrivedRows,
  headText: SignedHeadText,
  devices = pulled.devices,
): SyncMemory {
  const state = { ...stateOf(pulled, headText), devices, floor: believed.head.floor }
  return { state, synced: [...believed.synced.values()] }
}

/** The new device: its id and its keys. */
export interface NewDevice {
  readonly deviceId: DeviceId
  readonly keys: DeviceKeys
}

/** The header of a vault that arrived, on this device. */
export function headerOf(
  { vaultId, epoch, minSuite }: Pick<Head, 'vaultId' | 'epoch' | 'minSuite'>,
  own: {
    readonly accountId: AccountId
    readonly deviceId: DeviceId
    readonly secretKey: Uint8Array
  },
): VaultHeader {
  const { accountId, deviceId } = own
  const secretKey = toBase64url(own.secretKey)
  return { schema: 1, vaultId, accountId, deviceId, epoch, minSuite, secretKey }
}

/** @throws `sync.rollback` where the device list is not this vault's own (C82), `vault.corrupt` */
export function admit(
  { rows, pulled }: ArrivedRows,
  opened: { readonly header: VaultHeader; readonly entry: RootKeyEntry },
  { keys }: NewDevice,
  random: Random,
): AdmittedDevice {
  return admitDevice({ ...opened, rows, identity: pulled.devices.identity }, keys, random)
}
