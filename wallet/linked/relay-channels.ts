/** The sockets at servers the vault is not synced with: one for each account there, for calls of apps' servers alone. */
import { RELAY_CAPABILITY, type Clock, type Random, type WalletError } from '../protocol/index.ts'
import {
  LiveChannel,
  signHello,
  type LinkedDevice,
  type LiveSocket,
  type RelayEnd,
} from '../sync/index.ts'
import type { AccountAt } from './linked-apps.ts'

export interface RelayChannelsPorts {
  readonly open: (url: string, protocol: string) => LiveSocket
  /** The wallet there; null while it is locked. */
  readonly device: (at: AccountAt) => Promise<LinkedDevice | null>
  readonly serve: (send: (frame: Uint8Array<ArrayBuffer>) => void, account: string) => RelayEnd
  /** A server took the wallet: what it is to know of its keys is told now. */
  readonly onWelcome: () => void
  readonly clock: Clock
  readonly random: Random
}

export class RelayChannels {
  readonly #ports: RelayChannelsPorts
  readonly #channels = new Map<string, LiveChannel>()

  constructor(ports: RelayChannelsPorts) {
    this.#ports = ports
  }

  /** Holds a socket for each of these, and for nobody else. */
  hold(accounts: readonly AccountAt[]): void {
    const wanted = new Map(accounts.map((at) => [at.account.accountId, at]))
    for (const [id, channel] of this.#channels) {
      if (wanted.has(id)) continue
      channel.stop()
      this.#channels.delete(id)
    }
    for (const [id, at] of wanted) {
      const channel = this.#channels.get(id) ?? this.#create(at)
      this.#channels.set(id, channel)
      channel.start(at.server)
    }
  }

  /** Resolves once all of them are taken; after `limitMs` at the latest. */
  async untilLive(limitMs: number): Promise<void> {
    await Promise.all([...this.#channels.values()].map((channel) => channel.untilLive(limitMs)))
  }

  stop(why: WalletError): void {
    for (const channel of this.#channels.values()) channel.stop(why)
    this.#channels.clear()
  }

  #create(at: AccountAt): LiveChannel {
    const { open, device: deviceAt, serve, onWelcome, clock, random } = this.#ports
    return new LiveChannel({
      ...{ open, clock, random, onWelcome },
      async prove(challenge) {
        const device = await deviceAt(at)
        const place = { serverOrigin: at.server, t: clock(), caps: [RELAY_CAPABILITY] }
        return device && signHello(device.proof, challenge, place)
      },
      openRelay: (send) => serve(send, at.account.accountId),
      // It holds no vault: there is nothing new in it, nothing to recover, and no state a window shows.
      onHead: () => undefined,
      onRecovered: () => undefined,
      onState: () => undefined,
    })
  }
}
