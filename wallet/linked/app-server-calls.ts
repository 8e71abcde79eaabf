/** The calls of app servers that come by the relay: whose they are, whether they may be, made as a page's are. */
import {
  RELAY_CAPABILITY,
  WalletError,
  fromBase64url,
  type Clock,
  type ErrorCode,
  type GrantId,
  type Random,
} from '../protocol/index.ts'
import { runRelayedCall, type ProxyPorts } from '../proxy/index.ts'
import {
  RelaySession,
  createRelayOnce,
  liveExchangeKeys,
  type ClaimMemory,
  type LiveExchangeKey,
  type RelayConnection,
  type RelayOnce,
} from '../relay/index.ts'
import type { OpenVault } from '../vault/index.ts'
import { grantOf } from '../grants/index.ts'
import { findGrantOfServer } from './grants-of-servers.ts'
import type { LinkedApps } from './linked-apps.ts'
import type { RelayEnd } from '../sync/index.ts'

interface AppServerPorts {
  /** No use by the person: it postpones no lock. Null: locked. */
  readonly open: () => Promise<OpenVault | null>
  readonly linked: () => Pick<LinkedApps, 'isAny'>
  /** Whether the server of the vault says what it knows: until it does, nobody waits for it at another's. */
  readonly isInStep: () => boolean
  /** The way of a call. */
  readonly proxy: ProxyPorts
  /** Beyond the worker's life. */
  readonly claims?: ClaimMemory
  readonly clock: Clock
  readonly random: Random
}

export class AppServerCalls {
  readonly #ports: AppServerPorts
  readonly #once: RelayOnce
  readonly #sessions = new Set<RelaySession>()
  #isOffered = false
  /** What the server had when it took this device, and what of it is applied. */
  #welcomedSeq = Infinity
  #appliedSeq = -1

  constructor(ports: AppServerPorts) {
    this.#ports = ports
    this.#once = createRelayOnce(ports.clock, ports.claims)
  }

  /** What this device says that it takes on its socket. */
  async capabilities(vault: OpenVault): Promise<readonly string[]> {
    this.#isOffered = await this.#ports.linked().isAny(vault)
    return this.#isOffered ? [RELAY_CAPABILITY] : []
  }

  /** Whether the server was told on the socket of now that this device takes calls. */
  get isOffered(): boolean {
    return this.#isOffered
  }

  noteWelcome(seq: number): void {
    this.#welcomedSeq = seq
  }

  noteApplied(seq: number): void {
    this.#appliedSeq = seq
  }

  /**
   * Serves one socket, until it ends.
   * @param account whose socket it is; null: the vault's own
   */
  serve(send: (frame: Uint8Array<ArrayBuffer>) => void, account: string | null): RelayEnd {
    const { clock, random, isInStep } = this.#ports
    /** As long as the socket: it ends when the vault is locked. */
    const keys = new Map<string, LiveExchangeKey>()
    const session = new RelaySession(
      {
        ...{ clock, random },
        // C106: what another device took back must not serve once more.
        isSynced: () => this.#appliedSeq >= this.#welcomedSeq || (account !== null && !isInStep()),
        findConnection: (grant) => this.#findConnection({ grant, account }, keys),
        call: async ({ grant }, call, signal) => {
          const { proxy } = this.#ports
          const record = await this.#find({ grant, account })
          if (!record) throw new WalletError('grant.missing')
          return runRelayedCall(call, grantOf(record), proxy, signal)
        },
      },
      this.#once,
      send,
    )
    this.#sessions.add(session)
    return {
      receive: (frame) => session.receive(frame),
      close: (why) => {
        this.#sessions.delete(session)
        session.close(why)
      },
    }
  }

  /** Calls that run stop: those of a grant, or of all. */
  stop(of: GrantId | 'all', why: ErrorCode): void {
    const error = new WalletError(why)
    for (const session of this.#sessions) {
      if (of === 'all') session.close(error)
      else session.endGrant(of, error)
    }
  }

  async #findConnection(
    asked: Asked,
    keys: Map<string, LiveExchangeKey>,
  ): Promise<RelayConnection | null> {
    const record = await this.#find(asked)
    if (!record) return null
    const { relay, terms } = record.fields
    return {
      ...{ grant: asked.grant, sealed: terms.sealed ?? 'required' },
      appKeys: relay.appKeys.map(fromBase64url),
      exchangeKeys: liveExchangeKeys(relay.exchangeKeys, this.#ports.clock(), keys),
    }
  }

  async #find({ grant, account }: Asked) {
    const vault = await this.#ports.open()
    if (!vault) throw new WalletError('vault.locked')
    const record = await findGrantOfServer(vault, grant)
    // C106: a server asks for what was allowed through it, and for nothing that goes through another.
    return (record?.fields.relay.account?.accountId ?? null) === account ? record : null
  }
}

interface Asked {
  readonly grant: GrantId
  /** Whose socket it came by. */
  readonly account: string | null
}
