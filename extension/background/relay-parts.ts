/** What serves apps' servers over the live socket, put together. */
import { WalletError, type Clock, type Random } from '@valetkey/wallet/protocol'
import type { ProxyPorts } from '@valetkey/wallet/proxy'
import { signHello } from '@valetkey/wallet/sync'
import type { ListedKey, OpenVault } from '@valetkey/wallet/vault'
import { createClaimMemory } from '../adapters/claim-memory.ts'
import { AppServerCalls } from './app-server-calls.ts'
import { LinkedApps } from './linked-apps.ts'
import { LiveChannel } from './live-channel.ts'
import type { ServerLink } from './server-link.ts'

interface Surroundings {
  readonly link: ServerLink
  /** The way of a call that no person sits before. */
  readonly relayed: ProxyPorts
  readonly usableKeys: (vault: OpenVault) => Promise<readonly ListedKey[]>
  /** Null while the vault is locked, or has no server. */
  readonly open: () => Promise<OpenVault | null>
  readonly readSeq: () => Promise<number>
  readonly clock: Clock
  readonly random: Random
  readonly onHead: (seq: number) => void
  /** Holds the socket where somebody needs it. */
  readonly hold: (servesApps: boolean) => Promise<void>
  readonly onState: () => void
}

export interface RelayParts {
  readonly calls: AppServerCalls
  readonly linkedApps: LinkedApps
  readonly live: LiveChannel
}

/** The live socket of this device: the news of other devices, and the calls of apps' servers. */
export function createRelayParts(surroundings: Surroundings): RelayParts {
  const { link, relayed, open, readSeq, clock, random, onState } = surroundings
  const calls = new AppServerCalls({
    ...{
      open,
      linked: () => linkedApps,
      proxy: relayed,
      claims: createClaimMemory(),
      clock,
      random,
    },
  })
  const live = new LiveChannel({
    open: (url, protocol) => new WebSocket(url, protocol),
    async prove(challenge) {
      const vault = await open()
      const device = vault && (await link.device(vault))
      if (!device) return null
      const caps = await calls.capabilities(vault)
      calls.noteApplied(await readSeq())
      return signHello(device.proof, challenge, { serverOrigin: device.origin, t: clock(), caps })
    },
    onHead: surroundings.onHead,
    onWelcome: (seq) => {
      calls.noteWelcome(seq)
    },
    openRelay: (send) => calls.serve(send),
    onRecovered: (at) => void link.note({ recoveredAt: at }).then(onState, () => undefined),
    ...{ onState, clock, random },
  })
  const linkedApps = new LinkedApps({
    ...{ usableKeys: surroundings.usableKeys, ledger: relayed.ledger, clock, random },
    device: (vault) => link.device(vault),
    stopCalls: (of, why) => {
      calls.stop(of, why)
    },
    async onChange() {
      const vault = await open()
      if (!vault) return
      const servesApps = await linkedApps.isAny(vault)
      await surroundings.hold(servesApps)
      if (servesApps !== calls.isOffered) live.greetAgain()
    },
  })
  return { calls, linkedApps, live }
}

/** Nobody is answered while the wallet is locked, and apps' servers hear so at once. */
export function stopForLock(live: LiveChannel): void {
  live.stop(new WalletError('relay.wallet_locked'))
}
