/** The devices of this vault, as windows see them: in step or not, which there are, what they are called. */
import {
  WalletError,
  type DeviceId,
  type DeviceView,
  type DevicesDocument,
  type StoredValue,
  type SyncStateView,
} from '@valetkey/wallet/protocol'
import {
  SIGN_AGAIN_MS,
  countWaiting,
  headCode,
  type DeviceSync,
  type LiveChannel,
  type ServerLink,
  type SyncRecord,
  type SyncStore,
} from '@valetkey/wallet/sync'
import { nameDevice, readDeviceNames, type OpenVault } from '@valetkey/wallet/vault'
import type { VaultSession } from './vault-session.ts'

interface DevicesPorts {
  readonly session: Pick<VaultSession, 'required'>
  readonly link: Pick<ServerLink, 'chosen' | 'device' | 'note'>
  readonly sync: Pick<DeviceSync, 'isRunning'>
  readonly live: Pick<LiveChannel, 'isLive'>
  readonly store: SyncStore
  readonly record: StoredValue<SyncRecord>
}

/** Two of the heads that each device signs every week did not come, and a day on top. */
const SILENT_MS = 2 * SIGN_AGAIN_MS + 24 * 60 * 60_000

const ALONE: SyncStateView = {
  ...{ server: null, accountId: null, isRunning: false, isLive: false, syncedAt: null },
  ...{ waitingCount: 0, problem: null, headCode: null, isFreshnessKnown: true },
  ...{ isSilent: false, recoveredAt: null },
}

export class Devices {
  readonly #ports: DevicesPorts

  constructor(ports: DevicesPorts) {
    this.#ports = ports
  }

  /** @throws `vault.locked` */
  async state(): Promise<SyncStateView> {
    const { session, link, sync, live, store, record } = this.#ports
    const vault = await session.required()
    const chosen = await link.chosen()
    if (!chosen) return ALONE
    const [{ syncedAt, problem, heardAt }, memory, rows] = await Promise.all([
      record.read(),
      store.read(),
      vault.readShared(),
    ])
    const { head, devices } = memory.state
    // As long as the server answered and named nothing new of anybody: what this device was off for is hardly in it.
    const silentMs = (syncedAt ?? 0) - (heardAt ?? syncedAt ?? 0)
    return {
      ...{ server: chosen.origin, accountId: vault.accountId },
      ...{ isRunning: sync.isRunning, isLive: live.isLive, syncedAt, problem },
      waitingCount: countWaiting(memory, rows),
      headCode: head && headCode(head),
      ...{ isFreshnessKnown: chosen.isFreshnessKnown, recoveredAt: chosen.recoveredAt },
      isSilent: devices.devices.length > 1 && silentMs > SILENT_MS,
    }
  }

  /** @throws `vault.locked`; `request.not_found` where the vault has no server */
  async list(): Promise<readonly DeviceView[]> {
    const vault = await this.#ports.session.required()
    const [document, names, seen] = await Promise.all([
      this.#document(),
      readDeviceNames(vault),
      this.#seen(vault),
    ])
    return document.devices
      .map(({ id, addedAt }) => ({
        ...{ id, addedAt, isThis: id === (vault.deviceId as string) },
        name: names.get(id as DeviceId) ?? null,
        seenAt: seen.get(id) ?? null,
      }))
      .toSorted((one, other) => one.addedAt - other.addedAt)
  }

  /** @throws `vault.locked`; `request.not_found` for a device that is not on the list */
  async rename(deviceId: string, name: string): Promise<void> {
    const vault = await this.#ports.session.required()
    const { devices } = await this.#document()
    const isListed = devices.some(({ id }) => id === deviceId)
    if (!isListed) throw new WalletError('request.not_found')
    await nameDevice(vault, deviceId as DeviceId, name.normalize('NFC').trim())
  }

  /** The person compared two devices and found them alike. */
  async confirmFresh(): Promise<void> {
    await this.#ports.session.required()
    const { link, record } = this.#ports
    await link.note({ isFreshnessKnown: true })
    const known = await record.read()
    if (known.syncedAt !== null) await record.write({ ...known, heardAt: known.syncedAt })
  }

  /** As the last head this device believed has it. @throws `request.not_found` */
  async #document(): Promise<DevicesDocument> {
    if (!(await this.#ports.link.chosen())) throw new WalletError('request.not_found')
    return (await this.#ports.store.read()).state.devices
  }

  /** When the server heard of each device; of none where it is not reached. */
  async #seen(vault: OpenVault): Promise<ReadonlyMap<string, number>> {
    const device = await this.#ports.link.device(vault)
    const reply = await device?.session.devices().catch(() => null)
    return new Map(reply?.seen.map(({ id, seenAt }) => [id, seenAt]))
  }
}
