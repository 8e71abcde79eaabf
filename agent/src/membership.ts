/** How the wallet of this computer comes to a sync server, and leaves it. */
import { hostname } from 'node:os'
import { isWalletError, type StoredValue } from '@valetkey/wallet/protocol'
import {
  NEVER_SYNCED,
  joinWithKit,
  readServerOrigin,
  signUp,
  type KitJoin,
  type ServerLink,
  type SyncMemory,
  type SyncRecord,
} from '@valetkey/wallet/sync'
import {
  nameDevice,
  readVaultState,
  renewRecoveryKey,
  reopenVault,
  unlockVault,
  type OpenVault,
  type RecoveryKit,
} from '@valetkey/wallet/vault'
import { AgentError } from './agent-error.ts'
import type { WalletHome } from './wallet-home.ts'

/** A kit names the server it is for. */
export interface ServerKit extends RecoveryKit {
  readonly server: string
}

export interface MembershipPorts {
  readonly home: WalletHome
  readonly link: ServerLink
  readonly syncRecord: StoredValue<SyncRecord>
}

/** The origin of what a person typed. @throws AgentError for what is no server */
export function readServer(text: string): string {
  try {
    return readServerOrigin(text)
  } catch (cause) {
    throw new AgentError('A server is named by its address, https://…', { cause })
  }
}

/**
 * Makes an account of this vault. Its kit is made anew, since it names the server.
 * @param onKit gets the kit as soon as it is in force, whatever goes wrong afterwards
 * @throws AgentError where the wallet is on a server already; as `signUp` does
 */
export async function signUpAt(
  { home, link, syncRecord }: MembershipPorts,
  { origin, passphrase }: { readonly origin: string; readonly passphrase: string },
  onKit: (kit: ServerKit) => void,
): Promise<void> {
  const chosen = await link.chosen()
  if (chosen) throw new AgentError(`This wallet is on ${chosen.origin} already.`)
  const { store, kdf } = home.vault
  const vault = await unlockVault(home.vault, passphrase)
  try {
    const client = link.client(origin)
    // Before the kit in force is lost: is there a server at all?
    await answered(client.prelogin(vault.accountId))
    const kit = await renewRecoveryKey(home.vault, passphrase)
    onKit({ ...kit, server: origin })
    const how = { passphrase, recoveryKeyText: kit.recoveryKeyText }
    const { memory } = await signUp({ store, kdf, client, vault }, how)
    await remember(home, vault, memory)
    await link.choose({ origin, isFreshnessKnown: true, recoveredAt: null })
    await syncRecord.write(NEVER_SYNCED)
    await nameOwn(vault)
  } finally {
    vault.wipe()
  }
}

/**
 * Makes this computer a device of an account, by its passphrase and kit. Nothing says that the server shows the
 * newest state: a person compares with another device.
 * @throws AgentError where there is a wallet already; as `joinWithKit` does: nothing was written then
 */
export async function joinAt(
  { home, link, syncRecord }: MembershipPorts,
  origin: string,
  typed: KitJoin,
): Promise<void> {
  await assertNoWallet(home)
  const ports = { client: link.client(origin), kdf: home.vault.kdf }
  const { header, rows, memory, rootKeys } = await answered(joinWithKit(ports, typed))
  await home.sync.commit({
    ...{ header, rows, epoch: null },
    expected: new Map(rows.map(({ recordId }) => [recordId, 0])),
    ...{ state: memory.state, synced: { put: memory.synced, remove: [] } },
  })
  await link.choose({ origin, isFreshnessKnown: false, recoveredAt: null })
  await syncRecord.write(NEVER_SYNCED)
  const vault = await reopenVault(home.vault, rootKeys)
  try {
    await nameOwn(vault)
  } finally {
    vault.wipe()
  }
}

/** @throws AgentError where nothing, or something else, answered */
async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (cause) {
    if (!isWalletError(cause, 'provider.network')) throw cause
    throw new AgentError('No ValetKey server answered there. Nothing was changed.', { cause })
  }
}

/** @throws AgentError */
export async function assertNoWallet({ vault }: WalletHome): Promise<void> {
  const isThere = (await readVaultState(vault.store)) !== 'none'
  if (isThere) throw new AgentError('There is a wallet here already. Name another folder: --home')
}

/** This wallet goes on alone; account and other devices stay as they are. @throws AgentError */
export async function leaveServer({ link, syncRecord }: MembershipPorts): Promise<void> {
  if (!(await link.chosen())) throw new AgentError('This wallet is on no server.')
  await link.choose(null)
  await syncRecord.write(NEVER_SYNCED)
}

/** What an earlier account had of it is forgotten. */
async function remember(
  home: WalletHome,
  vault: OpenVault,
  { state, synced }: SyncMemory,
): Promise<void> {
  const before = await home.sync.read().catch((error: unknown) => {
    if (isWalletError(error, 'request.not_found')) return null
    throw error
  })
  const kept = new Set(synced.map(({ recordId }) => recordId))
  const remove = (before?.synced ?? []).map(({ recordId }) => recordId)
  await home.sync.commit({
    ...{ state, rows: [], expected: new Map(), epoch: vault.epoch },
    synced: { put: synced, remove: remove.filter((id) => !kept.has(id)) },
  })
}

/** A device without a name is one all the same. */
async function nameOwn(vault: OpenVault): Promise<void> {
  await nameDevice(vault, vault.deviceId, hostname().slice(0, 60)).catch(() => undefined)
}
