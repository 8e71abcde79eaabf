/** The server of this vault: which one it is, and this device's way to talk to it. */
import * as z from 'zod/mini'
import type { Clock, Random, StoredValue, TokenReply } from '../protocol/index.ts'
import type { OpenVault } from '../vault/index.ts'
import type { ServerFetch } from './call-server.ts'
import { createDeviceSession, type DeviceSession, type SessionStore } from './device-session.ts'
import { createServerClient, type DeviceProof, type ServerClient } from './server-client.ts'

/** No secret: readable while locked. */
export const chosenServerSchema = z.nullable(
  z.strictObject({
    origin: z.string(),
    /** False until the person compared a device that was let in by kit or passphrase with another one. */
    isFreshnessKnown: z.boolean(),
    /** When somebody last fetched the vault with the recovery kit. */
    recoveredAt: z.nullable(z.int()),
  }),
)
export type ChosenServer = NonNullable<z.infer<typeof chosenServerSchema>>

export interface ServerLinkPorts {
  readonly chosen: StoredValue<ChosenServer | null>
  readonly sessions: SessionStore & { clear(): Promise<void> }
  readonly fetch: ServerFetch
  readonly clock: Clock
  readonly random: Random
  /** The vault has another server now, or none. */
  readonly onChosen: () => void
}

export interface LinkedDevice {
  readonly origin: string
  readonly client: ServerClient
  readonly session: DeviceSession
  readonly proof: DeviceProof
}

export class ServerLink {
  readonly #ports: ServerLinkPorts
  #linked: { readonly vault: OpenVault; readonly device: LinkedDevice } | null = null

  constructor(ports: ServerLinkPorts) {
    this.#ports = ports
  }

  chosen(): Promise<ChosenServer | null> {
    return this.#ports.chosen.read()
  }

  /** From now on this vault is synced there; null: nowhere. */
  async choose(chosen: ChosenServer | null): Promise<void> {
    await this.forget()
    await this.#ports.chosen.write(chosen)
    this.#ports.onChosen()
  }

  /** What signing up or in gave. */
  keepSession(session: TokenReply): Promise<void> {
    return this.#ports.sessions.write(session)
  }

  async note(change: Partial<Omit<ChosenServer, 'origin'>>): Promise<void> {
    const chosen = await this.chosen()
    if (chosen) await this.#ports.chosen.write({ ...chosen, ...change })
  }

  client(origin: string): ServerClient {
    const { fetch, clock, random } = this.#ports
    return createServerClient({ origin, fetch, clock, random })
  }

  /** Null where the vault has no server. @throws `vault.locked` */
  async device(vault: OpenVault): Promise<LinkedDevice | null> {
    const chosen = await this.chosen()
    if (!chosen) return null
    const known = this.#linked
    const isSame = known?.vault === vault && known.device.proof.deviceId === vault.deviceId
    if (isSame) return known.device
    const device = await this.at(chosen.origin, vault, this.#ports.sessions)
    this.#linked = { vault, device }
    return device
  }

  /** This device at any server. */
  async at(origin: string, vault: OpenVault, sessions: SessionStore): Promise<LinkedDevice> {
    const { accountId, deviceId } = vault
    const { ed25519: seed } = await vault.readDeviceKeys()
    const client = this.client(origin)
    const proof = { accountId, deviceId, seed }
    const session = createDeviceSession({ client, accountId, device: proof, sessions })
    return { origin, client, session, proof }
  }

  /** The vault was locked, or became another one. */
  async forget(): Promise<void> {
    this.#linked?.device.proof.seed.fill(0)
    this.#linked = null
    await this.#ports.sessions.clear()
  }
}

/** For a server, or a device, that is not this vault’s in the end. */
export function sessionInMemory(): SessionStore {
  let token: TokenReply | null = null
  return {
    read: () => Promise.resolve(token),
    write: (next) => Promise.resolve(void (token = next)),
  }
}
