/** A wallet on a device: a real vault in memory, its sync memory, and the real server. */
import { TEST_ORIGIN, type TestServer } from '@valetkey/server/testing'
import type { DeviceId, TokenReply } from '@valetkey/wallet/protocol'
import {
  createDeviceSession,
  createServerClient,
  createSyncVault,
  synchronise,
  type DeviceSession,
  type ServerFetch,
  type SyncChange,
  type SyncClientPorts,
  type SyncMemory,
} from '@valetkey/wallet/sync'
import {
  createKnownVault,
  createMemoryVaultStore,
  fastTestKdf,
  type MemoryVaultStore,
} from '@valetkey/wallet/testing'
import { reopenVault, type OpenVault, type RecoveryKit } from '@valetkey/wallet/vault'
import { randomBytes } from 'node:crypto'

export const random = (sizeBytes: number) => Uint8Array.from(randomBytes(sizeBytes))
export const clock = () => Date.now()

/** What every wallet of these tests is given. */
export const clientAt = (fetch: ServerFetch, origin = TEST_ORIGIN) =>
  createServerClient({ origin, fetch, clock, random })

export interface WalletDevice {
  readonly vault: OpenVault
  readonly store: MemoryVaultStore
  /** Null before it has a server. */
  memory: SyncMemory | null
  readonly session: DeviceSession
  readonly sync: () => ReturnType<typeof synchronise>
  readonly syncPorts: () => Promise<SyncClientPorts>
}

/** A vault of one device that no server knows. */
export async function createWallet(
  test: TestServer,
): Promise<WalletDevice & { readonly kit: RecoveryKit }> {
  const store = createMemoryVaultStore()
  const { vault, kit } = await createKnownVault({ store, clock, random, kdf: fastTestKdf })
  return Object.assign(await deviceOf(test, { vault, store, memory: null }), { kit })
}

/** What a joined vault is once it is written down, in one commit. */
export async function writeJoined(
  test: TestServer,
  joined: {
    readonly header: Parameters<MemoryVaultStore['commit']>[0]['header']
    readonly rows: Parameters<MemoryVaultStore['commit']>[0]['rows']
    readonly memory: SyncMemory
    readonly rootKeys: unknown
  },
): Promise<WalletDevice> {
  const store = createMemoryVaultStore()
  const { header, rows, memory } = joined
  const expected = new Map(rows.map(({ recordId }) => [recordId, 0]))
  await store.commit({ ...(header && { header }), rows, expected, epoch: null })
  const vault = await reopenVault({ store, clock, random }, joined.rootKeys)
  return deviceOf(test, { vault, store, memory })
}

/** The device of an open vault. */
export async function deviceOf(
  test: TestServer,
  own: Pick<WalletDevice, 'vault' | 'store' | 'memory'>,
): Promise<WalletDevice> {
  const { vault, store } = own
  const { ed25519: seed } = await vault.readDeviceKeys()
  const session = sessionOf(test.fetch, vault.accountId, { deviceId: vault.deviceId, seed })
  const device: WalletDevice = {
    ...{ vault, store, session, memory: own.memory },
    syncPorts: () =>
      Promise.resolve({
        vault: createSyncVault(vault),
        store: {
          read: () => Promise.resolve(structuredClone(memoryOf(device))),
          commit: async (change) => {
            const { header, rows, expected, epoch } = change
            await store.commit({ rows, expected, epoch, ...(header && { header }) })
            device.memory = remembered(memoryOf(device), structuredClone(change))
          },
        },
        ...{ server: session, deviceSeed: seed },
      }),
    sync: async () => synchronise(await device.syncPorts()),
  }
  return device
}

function sessionOf(
  fetch: ServerFetch,
  accountId: string,
  device: { readonly deviceId: DeviceId; readonly seed: Uint8Array },
): DeviceSession {
  let stored: TokenReply | null = null
  return createDeviceSession({
    ...{ client: clientAt(fetch), accountId, device },
    sessions: {
      read: () => Promise.resolve(stored),
      write: (next) => {
        stored = next
        return Promise.resolve()
      },
    },
  })
}

function memoryOf({ memory }: WalletDevice): SyncMemory {
  if (memory === null) throw new Error('this wallet has no server')
  return memory
}

function remembered({ synced }: SyncMemory, change: SyncChange): SyncMemory {
  const rows = new Map(synced.map((row) => [row.recordId, row]))
  for (const row of change.synced.put) rows.set(row.recordId, row)
  for (const id of change.synced.remove) rows.delete(id)
  return { state: change.state, synced: [...rows.values()] }
}

/** The code an asking was refused with, or that it was not. */
export const codeOf = (asking: Promise<unknown>) =>
  asking.then(
    () => 'done',
    (error: unknown) => (error as { code: string }).code,
  )
