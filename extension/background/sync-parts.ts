/** What keeps the devices of one vault in step, put together. */
import { createServerParts } from '@valetkey/wallet/linked'
import type { SharedLimits } from '@valetkey/wallet/metering'
import type { Clock, Random, RecordId, TokenReply } from '@valetkey/wallet/protocol'
import type { ProxyPorts } from '@valetkey/wallet/proxy'
import {
  NEVER_SYNCED,
  chosenServerSchema,
  recoveryNoteSchema,
  syncRecordSchema,
  type SyncStore,
} from '@valetkey/wallet/sync'
import type { ListedKey, OpenVault, UnlockAttempts, VaultPorts } from '@valetkey/wallet/vault'
import * as z from 'zod/mini'
import { createClaimMemory } from '../adapters/claim-memory.ts'
import type { ReadEnvironment } from '../adapters/environment.ts'
import { fetchServer } from '../adapters/fetch-server.ts'
import { createSessionMemory } from '../adapters/session-memory.ts'
import { createStoredValue } from '../adapters/stored-value.ts'
import { Devices } from './devices.ts'
import type { Keepalive } from './keepalive.ts'
import { KitRecovery } from './kit-recovery.ts'
import { Membership } from './membership.ts'
import { Pairing } from './pairing.ts'
import type { Protection } from './protection.ts'
import type { VaultSession } from './vault-session.ts'
import type { Wallet } from './wallet.ts'

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
  const { session, store, keepalive, clock, random, announceChange } = surroundings
  const { attempts, protection } = surroundings
  const record = createStoredValue('sync.record', syncRecordSchema, NEVER_SYNCED)
  const { link, deviceSync, live, linkedApps, syncPortsAt, ...parts } = createServerParts({
    chosen: createStoredValue('sync.server', chosenServerSchema, null),
    ...{ sessions: createSessions(), record, store, claims: createClaimMemory() },
    ...{ fetch: fetchServer, openSocket: (url, protocol) => new WebSocket(url, protocol) },
    ...{ open: () => session.openForChore(), proxy: surroundings.relayed },
    ...{ usableKeys: surroundings.usableKeys, limits: surroundings.limits },
    ...{ keepalive, clock, random, onChanged: surroundings.onChanged, onState: announceChange },
    // A woken worker would reopen the vault with root keys that are over.
    onEpoch: (vault) => session.cacheAnew(vault),
  })
  const devices = new Devices({ ...{ session, link, store, record, live }, sync: deviceSync })
  const recoveryNotes = createNotes()
  const membership = new Membership({
    ...{ vault: surroundings.vault, attempts, protection, recoveryNotes },
    ...{ session, store, link, live, syncPorts: syncPortsAt, sync: deviceSync },
    ownName: () => ownName(surroundings.environment),
  })
  const kitRecovery = new KitRecovery({
    ...{ vault: surroundings.vault, attempts, protection, recoveryNotes },
    ...{ session, link, live, membership, syncPorts: syncPortsAt, sync: deviceSync },
  })
  const pairing = new Pairing({
    ...{ session, link, membership, keepalive, clock, sync: deviceSync },
    store: surroundings.vault.store,
    async syncPorts(vault) {
      const device = await link.device(vault)
      return device && syncPortsAt(vault, device)
    },
    onJoined: surroundings.onJoined,
  })
  return {
    ...{ deviceSync, devices, membership, kitRecovery, pairing, linkedApps, serverLink: link },
    untilServed: parts.untilServed,
    resumeSync: parts.resume,
    stopSync: parts.stop,
  }
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
