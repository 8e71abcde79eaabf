/** A device of a schedule: a real vault and its sync in Dexie, and a worker that may die at each step. */
import {
  createDexieVaultStore,
  type DexieVaultStore,
} from '@valetkey/extension/adapters/dexie-vault-store.ts'
import { TEST_ORIGIN } from '@valetkey/server/testing'
import {
  isWalletError,
  type DeviceId,
  type GrantId,
  type TokenReply,
} from '@valetkey/wallet/protocol'
import {
  createDeviceSession,
  createServerClient,
  createSyncVault,
  synchronise,
  type CredentialsPorts,
  type DeviceSession,
  type ServerClient,
  type ServerFetch,
  type SyncClientPorts,
} from '@valetkey/wallet/sync'
import { fastTestKdf } from '@valetkey/wallet/testing'
import {
  reopenVault,
  unlockVault,
  type ExportedRootKey,
  type OpenVault,
  type StoredRow,
  type VaultStore,
} from '@valetkey/wallet/vault'
import Dexie from 'dexie'
import { random } from '../wallet-device.ts'
import type { SavedDevice } from './account.ts'
import { Spender } from './spender.ts'

/** Stands for a worker that is stopped between two lines. */
class Killed extends Error {}

export interface Surroundings {
  readonly clock: () => number
  readonly fetch: (device: ScheduledDevice) => ServerFetch
  /** Whether the worker dies here. */
  readonly dies: () => boolean
  /** Rows of a page that the server is asked for; null: as many as it likes. */
  readonly pageSize: number | null
  /** A push is on the disk, and about to be sent. */
  readonly onOutbox: (device: ScheduledDevice, head: string) => void
  readonly grantId: GrantId
  /** What a call that comes in the middle of a sync would cost; 0: none comes. */
  readonly meanwhileCents: () => number
  readonly count: (what: string) => void
}

let names = 0

export class ScheduledDevice {
  readonly id: DeviceId
  readonly seed: Uint8Array
  /** Nothing reaches it and it reaches nothing. */
  isCut = false
  /** What the last change that reached the disk wrote. */
  lastWritten: readonly StoredRow[] = []
  /** Changes that reached the disk. */
  written = 0
  vault: OpenVault
  readonly spender: Spender
  readonly #name: string
  readonly #around: Surroundings
  /** Memory of the session: it outlives a worker. */
  #token: TokenReply | null = null
  #rootKeys: readonly ExportedRootKey[]
  #isDead = false
  #store: DexieVaultStore

  private constructor(
    own: {
      readonly name: string
      readonly seed: Uint8Array
      readonly vault: OpenVault
      readonly store: DexieVaultStore
    },
    rootKeys: readonly ExportedRootKey[],
    around: Surroundings,
  ) {
    this.#name = own.name
    this.seed = own.seed
    this.vault = own.vault
    this.id = own.vault.deviceId
    this.#rootKeys = rootKeys
    this.#around = around
    this.#store = this.#mortalStore(own.store)
    const readParts = async () => (await this.#store.sync.readState()).parts ?? {}
    this.spender = new Spender({ vault: () => this.vault, readParts }, around)
  }

  static async open(
    { contents, memory, rootKeys }: SavedDevice,
    around: Surroundings,
  ): Promise<ScheduledDevice> {
    const name = `schedule ${names++}`
    const store = createDexieVaultStore(name)
    const { header, rows } = contents as {
      header: Parameters<VaultStore['commit']>[0]['header'] & object
      rows: readonly StoredRow[]
    }
    const expected = new Map(rows.map(({ recordId }) => [recordId, 0]))
    await store.commit({ header, rows, expected, epoch: null })
    await store.sync.commit({
      ...{ rows: [], expected: new Map(), epoch: header.epoch, state: memory.state },
      synced: { put: memory.synced, remove: [] },
    })
    const ports = { store, clock: around.clock, random }
    const vault = await reopenVault(ports, rootKeys)
    const { ed25519: seed } = await vault.readDeviceKeys()
    const device = new ScheduledDevice({ name, seed, vault, store }, rootKeys, around)
    await device.#reopen()
    return device
  }

  get store(): DexieVaultStore {
    return this.#store
  }

  get isDead(): boolean {
    return this.#isDead
  }

  /** A sync, and an app's call at the same moment. */
  async syncAndCall(cents: number): Promise<void> {
    const both = await Promise.allSettled([this.sync(), this.spender.call(cents)])
    for (const each of both) if (each.status === 'rejected') throw each.reason
  }

  async close(): Promise<void> {
    await Dexie.delete(this.#name)
  }

  /** Whatever the worker was doing is over. */
  die(): never {
    this.#isDead = true
    throw new Killed()
  }

  /** A new worker: nothing is left but the disk and the memory of the session. */
  async revive(passphrases: readonly string[]): Promise<void> {
    this.#isDead = false
    this.#store = this.#mortalStore(createDexieVaultStore(this.#name))
    this.spender.restart()
    try {
      await this.#reopen()
    } catch (error) {
      if (!isWalletError(error, 'vault.locked')) throw error
      this.vault = await this.unlock(passphrases)
      this.#rootKeys = this.vault.exportRootKeys()
    }
  }

  /** As the person does, who knows every passphrase there ever was. */
  async unlock(passphrases: readonly string[]): Promise<OpenVault> {
    const ports = { ...this.#vaultPorts(), kdf: fastTestKdf }
    for (const passphrase of passphrases) {
      const vault = await unlockVault(ports, passphrase).catch((error: unknown) => {
        if (isWalletError(error, 'vault.unlock_failed')) return null
        throw error
      })
      if (vault) return vault
    }
    throw new Error('no passphrase opens this device any more')
  }

  async sync(): Promise<void> {
    this.#enter(await synchronise(this.#syncPorts(this.#session())))
  }

  /** With a session of another device's: as if the server answered a device that was removed. */
  async syncAs(other: ScheduledDevice): Promise<void> {
    await synchronise(this.#syncPorts(other.#session()))
  }

  credentials(): CredentialsPorts {
    return {
      ports: { ...this.#vaultPorts(), kdf: fastTestKdf },
      ...{ vault: this.vault, client: this.#client(), sync: this.#syncPorts(this.#session()) },
      onSession: (session) => {
        this.#token = session
        return Promise.resolve()
      },
    }
  }

  /** The worker keeps the root keys of the epoch it entered. */
  keepRootKeys(): void {
    this.#rootKeys = this.vault.exportRootKeys()
  }

  #enter({ epoch }: { readonly epoch?: number }): void {
    if (epoch !== undefined) this.keepRootKeys()
  }

  async #reopen(): Promise<void> {
    this.vault = await reopenVault(this.#vaultPorts(), this.#rootKeys)
  }

  #vaultPorts() {
    return { store: this.#store, clock: this.#around.clock, random }
  }

  #syncPorts(server: DeviceSession): SyncClientPorts {
    const { sync: store } = this.#store
    const limits = this.spender.port()
    return { vault: createSyncVault(this.vault), store, server, deviceSeed: this.seed, limits }
  }

  #client(): ServerClient {
    const { clock, fetch, pageSize } = this.#around
    const client = createServerClient({
      ...{ origin: TEST_ORIGIN, clock, random },
      fetch: async (url, init) => {
        this.#step()
        const answer = await fetch(this)(url, init)
        this.#step()
        return answer
      },
    })
    if (pageSize === null) return client
    return {
      ...client,
      callAs: (session, schema, call) => {
        const isPull = call.path.startsWith('/v1/sync/pull')
        const path = isPull ? `${call.path}&limit=${pageSize}` : call.path
        return client.callAs(session, schema, { ...call, path })
      },
    }
  }

  #session(): DeviceSession {
    return createDeviceSession({
      ...{ client: this.#client(), accountId: this.vault.accountId },
      device: { deviceId: this.id, seed: this.seed },
      sessions: {
        read: () => Promise.resolve(this.#token),
        write: (next) => {
          this.#token = next
          return Promise.resolve()
        },
      },
    })
  }

  #mortalStore(inner: DexieVaultStore): DexieVaultStore {
    const noted = (rows: readonly StoredRow[]) => {
      this.written += 1
      this.lastWritten = rows
    }
    return {
      readHeader: this.#mortal(() => inner.readHeader()),
      readRow: this.#mortal((id) => inner.readRow(id)),
      readRows: this.#mortal(() => inner.readRows()),
      readAll: this.#mortal(() => inner.readAll()),
      readWraps: this.#mortal(() => inner.readWraps()),
      commit: this.#mortal(async (change) => {
        await inner.commit(change)
        noted(change.rows)
      }),
      sync: {
        read: this.#mortal(() => inner.sync.read()),
        readState: this.#mortal(() => inner.sync.readState()),
        commit: this.#mortal(async (change) => {
          const { outbox } = change.state
          if (outbox) this.#around.onOutbox(this, outbox.push.head.head)
          await inner.sync.commit(change)
          noted(change.rows)
        }),
      },
    }
  }

  /** A call that the worker may not live to make, or whose answer it may not live to see. */
  #mortal<Given extends readonly unknown[], T>(call: (...given: Given) => Promise<T>) {
    return async (...given: Given): Promise<T> => {
      this.#step()
      const result = await call(...given)
      this.#step()
      return result
    }
  }

  #step(): void {
    if (this.#isDead || this.#around.dies()) this.die()
  }
}
