/** Devices of one vault over a model server, on a network that loses and on workers that die. */
import { createKeySeed, signingPublicKey } from '../../crypto/index.ts'
import {
  WalletError,
  createId,
  fromBase64url,
  toBase64url,
  type DeviceEntry,
  type DeviceId,
  type DevicesDocument,
} from '../../protocol/index.ts'
import {
  createFakeClock,
  createKnownVault,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
  type MemoryVaultStore,
} from '../../testing/index.ts'
import { reopenVault, type OpenVault, type VaultHeader } from '../../vault/index.ts'
import { certifyDevice, compareBytes } from '../index.ts'
import { makePush } from '../make-push.ts'
import { createSyncVault } from '../sync-vault.ts'
import { synchronise, type SyncOutcome } from '../sync-client.ts'
import type { LimitsPort, SyncChange, SyncMemory, SyncServer, SyncStore } from '../sync-ports.ts'
import { ModelServer } from './model-server.ts'

/** Stands for a worker that is stopped between two lines. */
export class Killed extends Error {}

export interface SyncDevice {
  readonly id: DeviceId
  readonly vault: OpenVault
  readonly store: MemoryVaultStore
  /** Of its Ed25519 key. */
  readonly seed: Uint8Array
  /** What it remembers of its syncs. */
  memory: SyncMemory
  /** The server as it sees it. */
  server: SyncServer
  /** Asked before and after each step that leaves the worker: throws where it dies, or the network is gone. */
  interrupt: (step: 'before' | 'after', what: 'commit' | 'network') => void
  /** Where its calls are held to their limits. */
  limits?: LimitsPort
  /** Whether its week is over: a head is due. */
  isHeadDue?: boolean
  sync(): Promise<SyncOutcome>
}

export interface SyncWorld {
  readonly server: ModelServer
  readonly devices: readonly SyncDevice[]
  readonly clock: ReturnType<typeof createFakeClock>
  readonly identitySeed: Uint8Array
}

/** So many devices of one vault, each with its first sync behind it. */
export async function createSyncWorld(count: number): Promise<SyncWorld> {
  const random = createSeededRandom(`sync ${count}`)
  const clock = createFakeClock()
  const first = createMemoryVaultStore()
  const ports = { store: first, clock: clock.now, random, kdf: fastTestKdf }
  const { vault } = await createKnownVault(ports)
  const header = (await first.readHeader()) as VaultHeader
  const identitySeed = createKeySeed(random)
  const seeds = Array.from({ length: count }, () => createKeySeed(random))
  const ids = seeds.map((_, at) => (at === 0 ? header.deviceId : createId<DeviceId>(random)))
  const document = certified(ids, seeds, { header, identitySeed, random })
  const server = new ModelServer(document)

  const stores = await Promise.all(
    ids.map(async (id, at) => (at === 0 ? first : secondStore(first, header, id))),
  )
  const keys = vault.exportRootKeys()
  const devices = await Promise.all(
    ids.map(async (id, at): Promise<SyncDevice> => {
      const store = stores[at] ?? first
      const own = at === 0 ? vault : await reopenVault({ store, clock: clock.now, random }, keys)
      return createDevice(own, store, { id, seed: seeds[at] ?? random(32), document, server })
    }),
  )
  const [creator] = devices
  if (creator) await register(creator, { seed: seeds[0] ?? random(32), server })
  for (const device of devices) await device.sync()
  return { server, devices, clock, identitySeed }
}

/** A vault's first head and all its rows go with the account's registration. */
async function register(
  { id, vault, memory }: SyncDevice,
  { seed, server }: { readonly seed: Uint8Array; readonly server: ModelServer },
): Promise<void> {
  const first = makePush(memory, await vault.readShared(), {
    vault: { vaultId: vault.vaultId, deviceId: id, epoch: vault.epoch, minSuite: 1 },
    ...{ deviceSeed: seed, floor: 0 },
  })
  if (first) server.push(first.outbox.push)
}

interface Own {
  readonly id: DeviceId
  readonly seed: Uint8Array
  readonly document: DevicesDocument
  readonly server: ModelServer
}

function createDevice(
  vault: OpenVault,
  store: MemoryVaultStore,
  { id, seed, document, server }: Own,
): SyncDevice {
  const device: SyncDevice = {
    ...{ id, vault, store, seed },
    memory: {
      state: {
        ...{ head: null, devices: document, identity: document.identity },
        ...{ cursor: null, floor: 0, outbox: null },
      },
      synced: [],
    },
    server: server.for(id),
    interrupt: () => undefined,
    sync: () =>
      synchronise({
        vault: createSyncVault(vault),
        store: syncStore(device),
        server: unreliable(device),
        deviceSeed: seed,
        ...(device.limits && { limits: device.limits }),
        signsAnyway: device.isHeadDue ?? false,
      }),
  }
  return device
}

function syncStore(device: SyncDevice): SyncStore {
  return {
    read: () => Promise.resolve(structuredClone(device.memory)),
    commit: async (change) => {
      device.interrupt('before', 'commit')
      await device.store.commit({
        ...{ rows: change.rows, expected: change.expected, epoch: change.epoch },
        ...(change.header && { header: change.header }),
      })
      device.memory = remembered(device.memory, structuredClone(change))
      device.interrupt('after', 'commit')
    },
  }
}

function remembered({ synced }: SyncMemory, change: SyncChange): SyncMemory {
  const rows = new Map(synced.map((row) => [row.recordId, row]))
  for (const row of change.synced.put) rows.set(row.recordId, row)
  for (const id of change.synced.remove) rows.delete(id)
  return { state: change.state, synced: [...rows.values()] }
}

function unreliable(device: SyncDevice): SyncServer {
  const over = async <T>(call: () => Promise<T>): Promise<T> => {
    device.interrupt('before', 'network')
    const reply = await call()
    device.interrupt('after', 'network')
    return reply
  }
  return {
    pull: (cursor, ack) => over(() => device.server.pull(cursor, ack)),
    heads: (from, to) => over(() => device.server.heads(from, to)),
    push: (push) => over(() => device.server.push(push)),
  }
}

/** Throws at some of the steps, by chance. */
export function interrupting(
  chance: () => number,
  rates: { readonly kill: number; readonly lose: number },
): SyncDevice['interrupt'] {
  return (_step, what) => {
    if (chance() < rates.kill) throw new Killed()
    if (what === 'network' && chance() < rates.lose) throw new WalletError('provider.network')
  }
}

async function secondStore(
  first: MemoryVaultStore,
  header: VaultHeader,
  deviceId: DeviceId,
): Promise<MemoryVaultStore> {
  const store = createMemoryVaultStore()
  const all = await first.readRows()
  const rows = all.filter((row) => (row as { recordId: string }).recordId !== header.deviceId)
  store.contents.header = { ...header, deviceId }
  for (const row of rows) store.contents.rows.set((row as { recordId: string }).recordId, row)
  return store
}

function certified(
  ids: readonly DeviceId[],
  seeds: readonly Uint8Array[],
  by: {
    readonly header: VaultHeader
    readonly identitySeed: Uint8Array
    readonly random: (sizeBytes: number) => Uint8Array<ArrayBuffer>
  },
): DevicesDocument {
  const entries = ids.map((id, at): DeviceEntry => {
    const ed25519 = toBase64url(signingPublicKey(seeds[at] ?? new Uint8Array(32)))
    const entry = { id, ed25519, x25519: toBase64url(by.random(32)), addedAt: 1 }
    return certifyDevice(entry, by.header.vaultId, by.identitySeed)
  })
  return {
    identity: toBase64url(signingPublicKey(by.identitySeed)),
    links: [],
    devices: entries.sort((a, b) => compareBytes(fromBase64url(a.id), fromBase64url(b.id))),
  }
}
