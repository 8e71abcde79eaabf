/** What keeps the devices of one vault in step, put together. */
import type { SharedLimits } from '@valetkey/wallet/metering'
import type { Clock, Random, RecordId, TokenReply } from '@valetkey/wallet/protocol'
import type { ProxyPorts } from '@valetkey/wallet/proxy'
import {
  createSyncVault,
  recoveryNoteSchema,
  synchronise,
  type SyncClientPorts,
  type SyncOutcome,
  type SyncStore,
} from '@valetkey/wallet/sync'
import type { ListedKey, OpenVault, UnlockAttempts, VaultPorts } from '@valetkey/wallet/vault'
import * as z from 'zod/mini'
import type { ReadEnvironment } from '../adapters/environment.ts'
import { fetchServer } from '../adapters/fetch-server.ts'
import { createSessionMemory } from '../adapters/session-memory.ts'
import { createStoredValue } from '../adapters/stored-value.ts'
import { DeviceSync, syncRecordSchema } from './device-sync.ts'
import { Devices } from './devices.ts'
import type { Keepalive } from './keepalive.ts'
import type { LiveChannel } from './live-channel.ts'
import { KitRecovery } from './kit-recovery.ts'
import { Membership } from './membership.ts'
import { Pairing } from './pairing.ts'
import type { Protection } from './protection.ts'
import { createRelayParts, stopForLock } from './relay-parts.ts'
import { ServerLink, chosenServerSchema, type LinkedDevice } from './server-link.ts'
import type { VaultSession } from './vault-session.ts'
import type { Wallet } from './wallet.ts'

const NEVER_SYNCED = { syncedAt: null, seq: 0, problem: null }
/** A server that takes longer is not waited for: its apps are told that the wallet is not there yet. */
const LONGEST_GREETING_MS = 3_000
const tokenSchema = z.nullable(z.strictObject({ token: z.string(), expiresAt: z.int() }))

interface Surroundings {
  readonly vault: VaultPorts
  readonly attempts: UnlockAttempts
  readonly protection: Protection
  readonly environment: ReadEnvironment
  readonly session: VaultSession
  readonly store: SyncStore
  readonly keepalive: Keepalive
  readonly limits: SharedLimits
  /** The way of a call that no person sits before. */
  readonly relayed: ProxyPorts
  readonly usableKeys: (vault: OpenVault) => Promise<readonly ListedKey[]>
  readonly clock: Clock
  readonly random: Random
  readonly onChanged: (vault: OpenVault, changed: readonly RecordId[]) => Promise<void>
  /** This browser has a vault now, and it is open. */
  readonly onJoined: () => Promise<void>
  readonly announceChange: () => void
}

type SyncParts = Pick<
  Wallet,
  | 'deviceSync'
  | 'devices'
  | 'membership'
  | 'kitRecovery'
  | 'pairing'
  | 'resumeSync'
  | 'stopSync'
  | 'linkedApps'
  | 'serverLink'
  | 'untilServed'
>

export function createSyncParts(surroundings: Surroundings): SyncParts {
  const { session, store, keepalive, clock, random, limits, announceChange } = surroundings
  const { attempts, protection } = surroundings
  const record = createStoredValue('sync.record', syncRecordSchema, NEVER_SYNCED)
  const link = new ServerLink({
    chosen: createStoredValue('sync.server', chosenServerSchema, null),
    ...{ sessions: createSessions(), clock, random },
    fetch: fetchServer,
    onChosen: limits.forget,
  })
  const openLinked = async (): Promise<OpenVault | null> => {
    const vault = await session.openForChore()
    return vault && (await link.chosen()) ? vault : null
  }
  const { calls, linkedApps, live } = createRelayParts({
    ...{ link, open: openLinked, relayed: surroundings.relayed, clock, random },
    usableKeys: surroundings.usableKeys,
    readSeq: async () => (await record.read()).seq,
    onHead: (seq) => void deviceSync.onHead(seq),
    hold: (servesApps) => holdLive(live, { link, store }, servesApps),
    onState: announceChange,
  })
  const deviceSync = new DeviceSync({
    ...{ record, keepalive, clock, onChanged: surroundings.onChanged },
    open: openLinked,
    run: async (vault, signsAnyway) => {
      const outcome = await runSync(vault, { link, store }, { limits, signsAnyway })
      // A woken worker would reopen the vault with root keys that are over.
      if (outcome.epoch !== undefined) await session.cacheAnew(vault)
      calls.noteApplied(outcome.seq)
      await holdLive(live, { link, store }, await linkedApps.isAny(vault))
      await linkedApps.publishKeys(vault)
      return outcome
    },
    onState: announceChange,
    draw: () => (random(1)[0] ?? 0) / 256,
  })
  const devices = new Devices({ ...{ session, link, store, record, live }, sync: deviceSync })
  const syncPorts = (vault: OpenVault, at: LinkedDevice) => syncPortsAt(vault, at, store)
  const membership = new Membership({
    ...{ vault: surroundings.vault, attempts, protection, recoveryNotes: createNotes() },
    ...{ session, store, link, live, syncPorts, sync: deviceSync },
    ownName: () => ownName(surroundings.environment),
  })
  const kitRecovery = new KitRecovery({
    ...{ vault: surroundings.vault, attempts, protection },
    ...{ session, link, live, membership, syncPorts, sync: deviceSync },
  })
  const pairing = new Pairing({
    ...{ session, link, membership, keepalive, clock, sync: deviceSync },
    store: surroundings.vault.store,
    syncPorts: (vault) => syncPortsOf(vault, { link, store }),
    onJoined: surroundings.onJoined,
  })
  return {
    ...{ deviceSync, devices, membership, kitRecovery, pairing, linkedApps, serverLink: link },
    untilServed: () => live.untilLive(LONGEST_GREETING_MS),
    async resumeSync() {
      const vault = await openLinked()
      if (!vault) return
      await holdLive(live, { link, store }, await linkedApps.isAny(vault))
      await deviceSync.lookIfDue(true)
    },
    stopSync() {
      stopForLock(live)
      limits.forget()
      void link.forget()
    },
  }
}

interface Linked {
  readonly link: ServerLink
  readonly store: SyncStore
}

/** What syncs a vault with the server of a linked device. */
function syncPortsAt(vault: OpenVault, device: LinkedDevice, store: SyncStore): SyncClientPorts {
  return {
    vault: createSyncVault(vault),
    ...{ store, server: device.session, deviceSeed: device.proof.seed },
  }
}

/** Null where the vault has no server. */
async function syncPortsOf(
  vault: OpenVault,
  { link, store }: Linked,
): Promise<SyncClientPorts | null> {
  const device = await link.device(vault)
  return device && syncPortsAt(vault, device, store)
}

async function runSync(
  vault: OpenVault,
  linked: Linked,
  how: { readonly limits: SharedLimits; readonly signsAnyway: boolean },
): Promise<SyncOutcome> {
  const ports = await syncPortsOf(vault, linked)
  return ports ? synchronise({ ...ports, ...how }) : { seq: 0, changed: [] }
}

/**
 * A vault on one device that serves no app's server has nobody to hear of: no socket keeps the worker awake
 * for it.
 */
async function holdLive(
  live: LiveChannel,
  { link, store }: Linked,
  servesApps: boolean,
): Promise<void> {
  const chosen = await link.chosen()
  const { state } = await store.read()
  if (chosen && (servesApps || state.devices.devices.length > 1)) live.start(chosen.origin)
  else live.stop()
}

const createNotes = () => createStoredValue('sync.recovery', recoveryNoteSchema, null)

function createSessions() {
  const memory = createSessionMemory('sync.session', tokenSchema, null)
  return {
    read: () => memory.read(),
    write: (session: TokenReply) => memory.write(session),
    clear: () => memory.write(null),
  }
}

const BROWSER_NAMES = { chrome: 'Chrome', firefox: 'Firefox', other: 'Browser' }
const SYSTEM_NAMES: Readonly<Record<string, string>> = {
  ...{ linux: 'Linux', mac: 'macOS', win: 'Windows', cros: 'ChromeOS', android: 'Android' },
}

/** Until the person names it. */
async function ownName(environment: ReadEnvironment): Promise<string> {
  const { browser, system } = await environment()
  const name = BROWSER_NAMES[browser.name]
  const systemName = SYSTEM_NAMES[system]
  return systemName === undefined ? name : `${name} on ${systemName}`
}
