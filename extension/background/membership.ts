/** How a vault comes to have a server, another one, or none again; and how this browser joins one. */
import {
  WalletError,
  createId,
  toWire,
  type RecoveryKit,
  type TokenReply,
  type UiParams,
  type WireError,
} from '@valetkey/wallet/protocol'
import {
  joinWithKit,
  readServerOrigin,
  signUp,
  type JoinedVault,
  type SyncMemory,
  type SyncStore,
} from '@valetkey/wallet/sync'
import {
  deriveAccountKey,
  nameDevice,
  readVaultState,
  reopenVault,
  type OpenVault,
  type UnlockAttempts,
  type VaultPorts,
} from '@valetkey/wallet/vault'
import type { DeviceSync } from './device-sync.ts'
import type { LiveChannel } from './live-channel.ts'
import type { Protection } from './protection.ts'
import type { ChosenServer, ServerLink } from './server-link.ts'
import type { VaultSession } from './vault-session.ts'

interface MembershipPorts {
  readonly vault: VaultPorts
  readonly store: SyncStore
  /** C84: whatever asks the passphrase waits after wrong ones. */
  readonly attempts: UnlockAttempts
  readonly session: VaultSession
  readonly protection: Protection
  readonly link: ServerLink
  readonly sync: DeviceSync
  readonly live: LiveChannel
  /** What a device is called until somebody names it: “Chrome on Linux”. */
  readonly ownName: () => Promise<string>
}

/** A kit is in force as soon as it is made: the person gets it whatever went wrong afterwards. */
interface KitAndProblem {
  readonly kit: RecoveryKit
  readonly problem: WireError | null
}

export class Membership {
  readonly #ports: MembershipPorts

  constructor(ports: MembershipPorts) {
    this.#ports = ports
  }

  /**
   * Makes an account of this vault. The kit is made anew, since it names the server.
   * @throws `request.unprocessable` where the vault has a server; `vault.unlock_failed`, `vault.locked`;
   * `provider.network` where no ValetKey server answers: nothing was changed then
   */
  async signUp(server: string, passphrase: string): Promise<KitAndProblem> {
    const { link } = this.#ports
    const origin = readServerOrigin(server)
    if (await link.chosen()) throw new WalletError('request.unprocessable')
    return this.#signUpAt(origin, passphrase)
  }

  async #signUpFrom(origin: string, passphrase: string): Promise<KitAndProblem> {
    const { live, sync, store } = this.#ports
    live.stop()
    await sync.settle()
    return this.#signUpAt(origin, passphrase, await store.read())
  }

  async #signUpAt(origin: string, passphrase: string, from?: SyncMemory): Promise<KitAndProblem> {
    const { link, session, protection } = this.#ports
    const vault = await session.required()
    // Before the kit in force is lost: is there a server at all?
    await link.client(origin).prelogin(vault.accountId)
    const kit = { ...(await protection.renewKit(passphrase)), server: origin }
    try {
      await this.#register(vault, { origin, passphrase, kit, from })
      return { kit, problem: null }
    } catch (error) {
      return { kit, problem: toWire(error, createId(this.#ports.vault.random)) }
    }
  }

  /**
   * Goes to another server with all of it; the account at the one before stays until somebody deletes it.
   * @throws as {@link Membership.signUp}; `request.not_found` where the vault has no server
   */
  async move(server: string, passphrase: string): Promise<KitAndProblem> {
    const chosen = await this.#chosen()
    const origin = readServerOrigin(server)
    if (origin === chosen.origin) throw new WalletError('request.unprocessable')
    return this.#signUpFrom(origin, passphrase)
  }

  /**
   * What this device has becomes what the server has. For a server that lost or forgot something: what it
   * has now is deleted there first.
   * @throws as {@link Membership.move}
   */
  async restoreServer(passphrase: string): Promise<KitAndProblem> {
    const { origin } = await this.#chosen()
    await this.#deleteAt(origin, passphrase)
    return this.#signUpFrom(origin, passphrase)
  }

  /** Everything at the server goes. This device, and every other one, keeps what it has. */
  async deleteAccount(passphrase: string): Promise<void> {
    const { origin } = await this.#chosen()
    await this.#deleteAt(origin, passphrase)
    await this.stop()
  }

  /**
   * Makes this browser a device of an account, by passphrase and kit. Nothing says that the server shows the
   * newest state: the person compares with another device.
   * @throws `sync.conflict` where a vault is in the way; else as `joinWithKit`: nothing was written then
   */
  async enrol({ server, accountId, secretKey, passphrase }: UiParams<'sync.enrol'>): Promise<void> {
    const origin = readServerOrigin(server)
    await this.assertNoVault()
    const joined = await joinWithKit(
      { client: this.#ports.link.client(origin), kdf: this.#ports.vault.kdf },
      { accountIdText: accountId, secretKeyText: secretKey, passphrase },
    )
    await this.takeIn(joined, { origin, isFreshnessKnown: false })
  }

  /** @throws `sync.conflict` where this browser has a vault, damaged or not */
  async assertNoVault(): Promise<void> {
    const isThere = (await readVaultState(this.#ports.vault.store)) !== 'none'
    if (isThere) throw new WalletError('sync.conflict')
  }

  /** A vault that came from elsewhere becomes the one of this browser, and is open. */
  async takeIn(
    { header, rows, memory, rootKeys }: JoinedVault,
    from: Pick<ChosenServer, 'origin' | 'isFreshnessKnown'>,
  ): Promise<void> {
    const { vault, store, session, link, sync } = this.#ports
    await store.commit({
      ...{ header, rows, epoch: null },
      expected: new Map(rows.map(({ recordId }) => [recordId, 0])),
      ...{ state: memory.state, synced: { put: memory.synced, remove: [] } },
    })
    await link.choose({ ...from, recoveredAt: null })
    await sync.forget()
    const opened = await reopenVault(vault, rootKeys)
    await session.admit(opened)
    await this.#nameOwn(opened)
    sync.soon()
  }

  /** This device goes on alone; account and other devices stay as they are. */
  async stop(): Promise<void> {
    const { link, live, session, sync } = this.#ports
    await session.required()
    live.stop()
    await sync.settle()
    await link.choose(null)
    await sync.forget()
  }

  async #register(
    vault: OpenVault,
    how: {
      readonly origin: string
      readonly passphrase: string
      readonly kit: RecoveryKit
      readonly from: SyncMemory | undefined
    },
  ): Promise<void> {
    const { link } = this.#ports
    const { store, kdf } = this.#ports.vault
    const client = link.client(how.origin)
    const { session, memory } = await signUp(
      { store, kdf, client, vault },
      {
        ...{ passphrase: how.passphrase, recoveryKeyText: how.kit.recoveryKey },
        ...(how.from && { from: how.from }),
      },
    )
    await this.#begin(vault, { origin: how.origin, memory, session, isFreshnessKnown: true })
    await this.#nameOwn(vault)
  }

  async #chosen(): Promise<ChosenServer> {
    await this.#ports.session.required()
    const chosen = await this.#ports.link.chosen()
    if (!chosen) throw new WalletError('request.not_found')
    return chosen
  }

  async #deleteAt(origin: string, passphrase: string): Promise<void> {
    const { attempts, link, session } = this.#ports
    const { store, kdf } = this.#ports.vault
    const { accountId } = await session.required()
    const client = link.client(origin)
    const { seed } = await attempts.run(() => deriveAccountKey({ store, kdf }, passphrase))
    try {
      await client.deleteAccount(await client.approve('delete', { accountId }, seed))
    } finally {
      seed.fill(0)
    }
  }

  /** A device without a name is one all the same. */
  async #nameOwn(vault: OpenVault): Promise<void> {
    await nameDevice(vault, vault.deviceId, await this.#ports.ownName()).catch(() => undefined)
  }

  /** From now on this vault is synced there. */
  async #begin(
    vault: OpenVault,
    joined: {
      readonly origin: string
      readonly memory: SyncMemory
      readonly session: TokenReply
      readonly isFreshnessKnown: boolean
    },
  ): Promise<void> {
    const { store, link, sync } = this.#ports
    const { state, synced } = joined.memory
    const before = await store.read().catch(() => null)
    const kept = new Set(synced.map(({ recordId }) => recordId))
    const remove = (before?.synced ?? []).map(({ recordId }) => recordId)
    await store.commit({
      ...{ state, rows: [], expected: new Map(), epoch: vault.epoch },
      synced: { put: synced, remove: remove.filter((id) => !kept.has(id)) },
    })
    const { origin, isFreshnessKnown } = joined
    await link.choose({ origin, isFreshnessKnown, recoveredAt: null })
    await link.keepSession(joined.session)
    await sync.forget()
    sync.soon()
  }
}
