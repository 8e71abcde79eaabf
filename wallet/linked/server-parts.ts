/** This device at its vault's server: in step with the other devices, and there for apps' servers. */
import type { SharedLimits } from '../metering/index.ts'
import {
  WalletError,
  type Clock,
  type Random,
  type RecordId,
  type StoredValue,
} from '../protocol/index.ts'
import type { ProxyPorts } from '../proxy/index.ts'
import type { ClaimMemory } from '../relay/index.ts'
import {
  DeviceSync,
  LiveChannel,
  ServerLink,
  createSyncVault,
  signHello,
  synchronise,
  type ChosenServer,
  type DeviceSyncPorts,
  type LinkedDevice,
  type LiveSocket,
  type ServerFetch,
  type ServerLinkPorts,
  type SyncClientPorts,
  type SyncOutcome,
  type SyncRecord,
  type SyncStore,
} from '../sync/index.ts'
import type { ListedKey, OpenVault } from '../vault/index.ts'
import { AppServerCalls } from './app-server-calls.ts'
import { LinkedApps } from './linked-apps.ts'
import { RelayAccounts } from './relay-accounts.ts'
import { RelayChannels } from './relay-channels.ts'

/** A server that takes longer is not waited for: its apps are told that the wallet is not there yet. */
const LONGEST_GREETING_MS = 3_000

export interface ServerPartsPorts {
  readonly chosen: StoredValue<ChosenServer | null>
  readonly sessions: ServerLinkPorts['sessions']
  readonly record: StoredValue<SyncRecord>
  readonly store: SyncStore
  readonly fetch: ServerFetch
  readonly openSocket: (url: string, protocol: string) => LiveSocket
  /** Beyond the life of this process. */
  readonly claims: ClaimMemory
  /** The vault while it is open; asking is no use of it by a person. Null: locked. */
  readonly open: () => Promise<OpenVault | null>
  /** The way of a call that no person sits before. */
  readonly proxy: ProxyPorts
  readonly usableKeys: (vault: OpenVault) => Promise<readonly ListedKey[]>
  readonly limits: SharedLimits
  readonly keepalive: DeviceSyncPorts['keepalive']
  readonly clock: Clock
  readonly random: Random
  /** The vault has another root key: one that is kept anywhere is over. */
  readonly onEpoch: (vault: OpenVault) => Promise<void>
  readonly onChanged: DeviceSyncPorts['onChanged']
  /** What windows show of it is another. */
  readonly onState: () => void
}

export interface ServerParts {
  readonly link: ServerLink
  readonly deviceSync: DeviceSync
  readonly live: LiveChannel
  readonly linkedApps: LinkedApps
  /** What syncs a vault with the server of a linked device. */
  readonly syncPortsAt: (vault: OpenVault, device: LinkedDevice) => SyncClientPorts
  /** Resolves once the server took this device, or does not. */
  readonly untilServed: () => Promise<void>
  /** The vault was opened, or is open still. */
  readonly resume: () => Promise<void>
  /** The vault was locked: apps hear so at once, and nothing of the device's keys stays. */
  readonly stop: () => void
}

export function createServerParts(ports: ServerPartsPorts): ServerParts {
  const { store, record, clock, random, limits, onState } = ports
  const link = new ServerLink({
    ...{ chosen: ports.chosen, sessions: ports.sessions, fetch: ports.fetch, clock, random },
    onChosen: () => {
      limits.forget()
    },
  })
  const open = async (): Promise<OpenVault | null> => {
    const vault = await ports.open()
    return vault && (await link.chosen()) ? vault : null
  }
  const hold = async (servesApps: boolean): Promise<void> => {
    const chosen = await link.chosen()
    const { devices } = (await store.read()).state.devices
    // A vault on one device that serves no app's server has nobody to hear of: no socket keeps it awake.
    if (chosen && (servesApps || devices.length > 1)) live.start(chosen.origin)
    else live.stop()
  }
  const { calls, linkedApps, live, elsewhere } = createRelayParts(ports, {
    ...{ link, open, hold, onHead: (seq) => void deviceSync.onHead(seq) },
  })
  const syncPortsAt = (vault: OpenVault, { session, proof }: LinkedDevice): SyncClientPorts => {
    return { vault: createSyncVault(vault), store, server: session, deviceSeed: proof.seed }
  }
  const run = async (vault: OpenVault, signsAnyway: boolean): Promise<SyncOutcome> => {
    const device = await link.device(vault)
    const outcome = device
      ? await synchronise({ ...syncPortsAt(vault, device), limits, signsAnyway })
      : { seq: 0, changed: [] satisfies RecordId[] }
    if (outcome.epoch !== undefined) await ports.onEpoch(vault)
    calls.noteApplied(outcome.seq)
    await hold(await linkedApps.isAny(vault))
    await elsewhere.hold(vault)
    await linkedApps.publishKeys(vault)
    return outcome
  }
  const deviceSync = new DeviceSync({
    ...{ record, open, run, onState, clock, keepalive: ports.keepalive },
    onChanged: ports.onChanged,
    draw: () => (random(1)[0] ?? 0) / 256,
  })
  return {
    ...{ link, deviceSync, live, linkedApps, syncPortsAt },
    async untilServed() {
      await Promise.all([live, elsewhere].map((each) => each.untilLive(LONGEST_GREETING_MS)))
    },
    async resume() {
      const vault = await open()
      if (vault) {
        await hold(await linkedApps.isAny(vault))
        await deviceSync.lookIfDue(true).finally(() => elsewhere.start())
      } else await elsewhere.start()
    },
    stop() {
      const why = new WalletError('relay.wallet_locked')
      live.stop(why)
      elsewhere.stop(why)
      limits.forget()
      void link.forget()
    },
  }
}

interface Around extends Pick<ServerPartsPorts, 'open'> {
  readonly link: ServerLink
  /** Holds the socket where somebody needs it. */
  readonly hold: (servesApps: boolean) => Promise<void>
  readonly onHead: (seq: number) => void
}

interface RelayParts extends Pick<ServerParts, 'live' | 'linkedApps'> {
  readonly calls: AppServerCalls
  readonly elsewhere: Elsewhere
}

/** Servers the vault is not synced with. */
interface Elsewhere extends Pick<RelayChannels, 'untilLive' | 'stop'> {
  /** Once this device knows, or cannot know, what others took back. */
  readonly start: () => Promise<void>
  readonly hold: (vault: OpenVault) => Promise<void>
}

/** The live socket of this device: the news of other devices, and the calls of apps' servers. */
function createRelayParts(
  ports: ServerPartsPorts,
  { link, open, hold, onHead }: Around,
): RelayParts {
  const { proxy, claims, record, clock, random, onState } = ports
  const calls: AppServerCalls = new AppServerCalls({
    ...{ open: ports.open, linked: () => linkedApps, proxy, claims, clock, random },
    isInStep: () => live.isLive,
  })
  const accounts = new RelayAccounts({ client: (server) => link.client(server), random })
  const live: LiveChannel = new LiveChannel({
    open: ports.openSocket,
    async prove(challenge) {
      const vault = await open()
      const device = vault && (await link.device(vault))
      if (!device) return null
      const caps = await calls.capabilities(vault)
      calls.noteApplied((await record.read()).seq)
      return signHello(device.proof, challenge, { serverOrigin: device.origin, t: clock(), caps })
    },
    onHead,
    onWelcome: (seq) => {
      calls.noteWelcome(seq)
    },
    openRelay: (send) => calls.serve(send, null),
    onRecovered: (at) => void link.note({ recoveredAt: at }).then(onState, () => undefined),
    ...{ onState, clock, random },
  })
  const linkedApps = new LinkedApps({
    ...{ usableKeys: ports.usableKeys, ledger: proxy.ledger, clock, random },
    device: (vault) => link.device(vault),
    stopCalls: (of, why) => {
      calls.stop(of, why)
    },
    accounts,
    async onChange() {
      const anyVault = await ports.open()
      if (anyVault) await elsewhere.hold(anyVault)
      const vault = await open()
      if (!vault) return
      const servesApps = await linkedApps.isAny(vault)
      await hold(servesApps)
      if (servesApps !== calls.isOffered) live.greetAgain()
    },
  })
  const elsewhere = createElsewhere(ports, { accounts, linkedApps, calls, live })
  return { calls, linkedApps, live, elsewhere }
}

interface OfElsewhere extends Pick<RelayParts, 'linkedApps' | 'calls' | 'live'> {
  readonly accounts: RelayAccounts
}

function createElsewhere(
  { open, openSocket, clock, random }: ServerPartsPorts,
  { accounts, linkedApps, calls, live }: OfElsewhere,
): Elsewhere {
  const channels = new RelayChannels({
    ...{ open: openSocket, clock, random },
    device: async ({ server, account }) => ((await open()) ? accounts.at(server, account) : null),
    serve: (send, account) => calls.serve(send, account),
    onWelcome: () => void publish().catch(() => undefined),
  })
  const publish = async (): Promise<void> => {
    const vault = await open()
    if (vault) await linkedApps.publishKeys(vault)
  }
  const hold = async (vault: OpenVault): Promise<void> => {
    channels.hold(await linkedApps.accounts(vault))
  }
  return {
    hold,
    untilLive: (limitMs) => channels.untilLive(limitMs),
    async start() {
      // C106: what another device took back is known first, from a server that is there.
      await live.untilLive(LONGEST_GREETING_MS)
      const vault = await open()
      if (vault) await hold(vault)
    },
    stop(why) {
      channels.stop(why)
      accounts.forget()
    },
  }
}
