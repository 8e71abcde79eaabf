/** How a vault comes to have a server, another one, or none again; and how this browser joins one. */
import {
  WalletError,
  createId,
  toWire,
  type DeviceId,
  type RecoveryKit,
  type TokenReply,
  type UiParams,
  type UiResult,
  type WireError,
} from '@valetkey/wallet/protocol'
import {
  changeSyncedPassphrase,
  deleteAccount,
  joinWithKit,
  moveAccount,
  openEpoch,
  readServerOrigin,
  recoverAccount,
  sessionInMemory,
  signUp,
  type ChosenServer,
  type CredentialsPorts,
  type DeviceSync,
  type JoinedVault,
  type LinkedDevice,
  type LiveChannel,
  type RecoveryNotes,
  type ServerLink,
  type SyncClientPorts,
  type SyncMemory,
  type SyncStore,
} from '@valetkey/wallet/sync'
import {
  nameDevice,
  readVaultState,
  reopenVault,
  type OpenVault,
  type PassphraseChange,
  type UnlockAttempts,
  type VaultPorts,
} from '@valetkey/wallet/vault'
import { answerOf, forget, kitOf, type Protection, type Rotation } from './protection.ts'
import type { VaultSession } from './vault-session.ts'

interface MembershipPorts {
  readonly vault: VaultPorts
  readonly store: SyncStore
  /** C84: whatever asks the passphrase waits after wrong ones. */
  readonly attempts: UnlockAttempts
  readonly session: VaultSession
  readonly protection: Protection
  readonly link: ServerLink
  readonly recoveryNotes: RecoveryNotes
  readonly sync: DeviceSync
  readonly live: LiveChannel
  readonly syncPorts: (vault: OpenVault, device: LinkedDevice) => SyncClientPorts
  /** What a device is called until somebody names it: “Chrome on Linux”. */
  readonly ownName: () => Promise<string>
}

type RenewedKit = UiResult<'vault.rotate'>

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
    return this.#withKit(origin, passphrase, (vault, kit) =>
      this.#register(vault, { origin, passphrase, kit }),
    )
  }

  /** The steps that follow a new kit, which names the server. */
  async #withKit(
    origin: string,
    passphrase: string,
    then: (vault: OpenVault, kit: RecoveryKit) => Promise<void>,
  ): Promise<KitAndProblem> {
    const { link, session, protection } = this.#ports
    const vault = await session.required()
    // Before the kit in force is lost: is there a server at all?
    await link.client(origin).prelogin(vault.accountId)
    const kit = { ...(await protection.renewKit(passphrase)), server: origin }
    try {
      await then(vault, kit)
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
    return this.#moveTo(origin, passphrase, false)
  }

  /**
   * What this device has becomes what the server has. For a server that lost or forgot something: what it
   * has now is deleted there first.
   * @throws as {@link Membership.move}
   */
  async restoreServer(passphrase: string): Promise<KitAndProblem> {
    const { origin } = await this.#chosen()
    return this.#moveTo(origin, passphrase, true)
  }

  async hasServer(): Promise<boolean> {
    return (await this.#ports.link.chosen()) !== null
  }

  /**
   * A new root key for the vault of every device, which the server takes first.
   * @param removes a device that reads nothing that is written from then on
   * @throws `request.not_found` where the vault has no server; else as `openEpoch`
   */
  async openEpoch(rotation: Rotation, removes: readonly DeviceId[] = []): Promise<RenewedKit> {
    const { origin } = await this.#chosen()
    const { passphrase, newPassphrase } = rotation
    const passkeys = rotation.passkeys.map(answerOf)
    const opened = await this.#atServer((ports) =>
      openEpoch(ports, { passphrase, newPassphrase, passkeys, removes }),
    ).finally(() => {
      passkeys.forEach(forget)
    })
    await this.#ports.protection.shortenLock().catch(() => undefined)
    return {
      kit: { ...kitOf(opened.kit), server: origin },
      lostPasskeys: opened.lostPasskeys.length,
    }
  }

  /** @throws as `changeSyncedPassphrase` does */
  async changePassphrase(change: PassphraseChange): Promise<void> {
    await this.#atServer((ports) => changeSyncedPassphrase(ports, change))
  }

  async #atServer<T>(step: (ports: CredentialsPorts) => Promise<T>): Promise<T> {
    const { attempts, vault: ports, session, link, sync, syncPorts } = this.#ports
    const vault = await session.required()
    const device = await link.device(vault)
    if (!device) throw new WalletError('request.not_found')
    const { client } = device
    const onSession = (token: TokenReply) => link.keepSession(token)
    const how = { ports, vault, client, sync: syncPorts(vault, device), onSession }
    const done = await sync.alone(() => attempts.run(() => step(how)))
    // It is in force: a cache that fails locks the vault, and nothing more.
    await session.cacheAnew(vault).catch(() => undefined)
    sync.soon()
    return done
  }

  /** Everything at the server goes. This device, and every other one, keeps what it has. */
  async deleteAccount(passphrase: string): Promise<void> {
    const { attempts, link, session } = this.#ports
    const { store, kdf } = this.#ports.vault
    const { origin } = await this.#chosen()
    const { accountId } = await session.required()
    const ports = { store, kdf, client: link.client(origin) }
    await attempts.run(() => deleteAccount(ports, { accountId, passphrase }))
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

  /**
   * The same with the recovery kit alone, and everything new that it could tell.
   * @throws `sync.conflict` where a vault is in the way; else as `recoverAccount`
   */
  async recover(recovery: UiParams<'sync.recover'>): Promise<RecoveryKit> {
    const origin = readServerOrigin(recovery.server)
    await this.assertNoVault()
    const { link, vault, recoveryNotes: notes } = this.#ports
    const recovered = await recoverAccount(
      { client: link.client(origin), kdf: vault.kdf, notes },
      {
        ...{ accountIdText: recovery.accountId, recoveryKeyText: recovery.recoveryKey },
        newPassphrase: recovery.newPassphrase,
      },
    )
    // The server has it: whatever fails here, this is the only kit there is.
    await this.takeIn(recovered, { origin, isFreshnessKnown: false })
      .then(() => notes.write(null))
      .catch(() => undefined)
    return { ...kitOf(recovered.kit), server: origin }
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
    const { vault, store } = this.#ports
    await store.commit({
      ...{ header, rows, epoch: null },
      expected: new Map(rows.map(({ recordId }) => [recordId, 0])),
      ...{ state: memory.state, synced: { put: memory.synced, remove: [] } },
    })
    await this.enter(from, () => reopenVault(vault, rootKeys))
  }

  /** It is written down: from now on this browser has it open, and in step. */
  async enter(
    from: Pick<ChosenServer, 'origin' | 'isFreshnessKnown'>,
    open: () => Promise<OpenVault>,
  ): Promise<void> {
    const { session, link, sync } = this.#ports
    await link.choose({ ...from, recoveredAt: null })
    await sync.forget()
    const opened = await open()
    await session.admit(opened)
    await this.#nameOwn(opened)
    sync.soon()
  }

  /** This device goes on alone; account and other devices stay as they are. */
  async stop(): Promise<void> {
    await this.#ports.session.required()
    await this.leave()
  }

  /** The same for a vault that is not open. */
  async leave(): Promise<void> {
    const { link, live, sync } = this.#ports
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
    },
  ): Promise<void> {
    const { link } = this.#ports
    const { store, kdf } = this.#ports.vault
    const client = link.client(how.origin)
    const { session, memory } = await signUp(
      { store, kdf, client, vault },
      { passphrase: how.passphrase, recoveryKeyText: how.kit.recoveryKey },
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

  async #moveTo(origin: string, passphrase: string, replaces: boolean): Promise<KitAndProblem> {
    const { link, live, sync, syncPorts } = this.#ports
    const { store, kdf } = this.#ports.vault
    return this.#withKit(origin, passphrase, async (vault, kit) => {
      const sessions = sessionInMemory()
      const device = await link.at(origin, vault, sessions)
      const { client, session } = device
      live.stop()
      await sync.alone(() =>
        moveAccount(
          {
            ...{ store, kdf, client, vault, session, onSession: (next) => sessions.write(next) },
            sync: syncPorts(vault, device),
          },
          { passphrase, recoveryKeyText: kit.recoveryKey, replaces },
        ),
      )
      await link.choose({ origin, isFreshnessKnown: true, recoveredAt: null })
      await sync.forget()
      sync.soon()
    })
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
