/** The wallet's accounts at servers it is not synced with: for the apps' servers that ask there. */
import { fromBase64url, type Random, type RelayAccount } from '../protocol/index.ts'
import {
  closeRelayAccount,
  createDeviceSession,
  openRelayAccount,
  sessionInMemory,
  type LinkedDevice,
  type ServerClient,
} from '../sync/index.ts'

export interface RelayAccountsPorts {
  readonly client: (server: string) => ServerClient
  readonly random: Random
}

export class RelayAccounts {
  readonly #ports: RelayAccountsPorts
  readonly #devices = new Map<string, LinkedDevice>()
  /** Opened for an app that came to nothing: the next one at the server gets it. By server. */
  readonly #unused = new Map<string, RelayAccount>()

  constructor(ports: RelayAccountsPorts) {
    this.#ports = ports
  }

  /** The wallet there. */
  at(server: string, account: RelayAccount): LinkedDevice {
    const known = this.#devices.get(account.accountId)
    if (known) return known
    const { accountId, deviceId } = account
    const client = this.#ports.client(server)
    const proof = { accountId, deviceId, seed: fromBase64url(account.seed) }
    const sessions = sessionInMemory()
    const session = createDeviceSession({ client, accountId, device: proof, sessions })
    const device = { origin: server, client, session, proof }
    this.#devices.set(accountId, device)
    return device
  }

  /** A new one. @throws `auth.forbidden` where the server takes nobody; `provider.network` */
  async open(server: string): Promise<RelayAccount> {
    const unused = this.#unused.get(server)
    if (unused) return unused
    const { account } = await openRelayAccount(this.#ports.client(server), this.#ports.random)
    this.#unused.set(server, account)
    return account
  }

  /** It is in a grant now. */
  use(server: string): void {
    this.#unused.delete(server)
  }

  /** No app needs it any more. A server that is not reached keeps an account with nothing in it. */
  async close(server: string, account: RelayAccount): Promise<void> {
    await closeRelayAccount(this.#ports.client(server), account).catch(() => undefined)
    this.#devices.delete(account.accountId)
  }

  /** The vault was locked, or is another: nothing of their keys stays. */
  forget(): void {
    for (const { proof } of this.#devices.values()) proof.seed.fill(0)
    this.#devices.clear()
    this.#unused.clear()
  }
}
