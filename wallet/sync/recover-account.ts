/** The vault and its account, with the recovery kit alone: every key of both is replaced at once. */
import {
  WalletError,
  accountIdSchema,
  createId,
  isWalletError,
  parseWith,
  toBase64url,
  type AccountId,
  type CredentialsRequest,
  type DeviceId,
  type PullReply,
  type RecordId,
  type SignedHeadText,
} from '../protocol/index.ts'
import {
  SECRET_KEY_BYTES,
  deriveRecoveryAccountSeed,
  parseRecoveryKey,
  signingPublicKey,
} from '../crypto/index.ts'
import {
  recoverRemote,
  type PassphraseKdf,
  type RecoveredRemote,
  type RecoveryKit,
  type StoredRow,
} from '../vault/index.ts'
import { linkIdentity } from './devices.ts'
import { describeDevice, withDevice } from './device-list.ts'
import {
  fetchWhole,
  headerOf,
  memoryOf,
  type ArrivedRows,
  type JoinedVault,
} from './joined-vault.ts'
import { makePush } from './make-push.ts'
import { noteKeys, readNotedKeys, type RecoveryNotes } from './recovery-notes.ts'
import type { ServerClient } from './server-client.ts'
import type { SharedRow, SyncMemory, SyncServer, SyncedRow } from './sync-ports.ts'

export interface AccountRecovery {
  readonly accountIdText: string
  /** As the person typed it, `VR1-…`. */
  readonly recoveryKeyText: string
  readonly newPassphrase: string
  /** Where this device has the vault already. */
  readonly known?: KnownVault | undefined
}

interface KnownVault {
  /** The keys of this device, which it gives up. */
  readonly deviceRow: StoredRow
  /** C80: the newest head it believes. An older state than that is refused. */
  readonly head: SignedHeadText | null
  readonly heads: SyncServer['heads']
}

export interface RecoveredAccount extends JoinedVault {
  /** The only kit from now on: shown once, and asked for. */
  readonly kit: RecoveryKit
}

/** How often it begins again because another device wrote meanwhile. */
const ROUNDS = 5

/**
 * Opens the vault of an account with its recovery key, on a device that joins it so: another root key, passphrase,
 * Secret Key, recovery key and identity, and this device alone on the list. Every other device is told, and
 * reads nothing that is written from now on. Runs the KDF twice a round. What did not fit goes with the first sync.
 * With the notes of one that was cut off it goes on, with the kit that began it.
 * @throws `request.invalid` for a mistyped account id or recovery key; `request.unprocessable` for a new
 * passphrase under 12 characters; `auth.failed` where the account has another recovery key; `sync.rollback`
 * for a vault that cannot be believed; `vault.unlock_failed`, `vault.newer`, `vault.corrupt`, `provider.network`
 */
export async function recoverAccount(
  ports: RecoveryPorts,
  recovery: AccountRecovery,
): Promise<RecoveredAccount> {
  const accountId = parseWith(accountIdSchema, recovery.accountIdText.trim(), 'request.invalid')
  const typed = { accountId, recoveryKey: parseRecoveryKey(recovery.recoveryKeyText) }
  const { notes } = ports
  try {
    const noted = notes ? await readNotedKeys(notes, typed) : []
    const note = async (recoveryKeyText: string) => {
      noted.push(recoveryKeyText)
      if (notes) await noteKeys(notes, typed, noted)
    }
    let refusal: unknown
    for (const recoveryKeyText of [recovery.recoveryKeyText, ...noted.toReversed()]) {
      try {
        return await recoverWith({ ...ports, accountId, note }, { ...recovery, recoveryKeyText })
      } catch (error) {
        if (!isWalletError(error, 'auth.failed')) throw error
        refusal = error
      }
    }
    throw refusal
  } finally {
    typed.recoveryKey.fill(0)
  }
}

interface RecoveryPorts {
  readonly client: ServerClient
  readonly kdf: PassphraseKdf
  readonly notes?: RecoveryNotes | undefined
}

async function recoverWith(
  ports: Omit<Recovering, 'oldSeed'>,
  recovery: AccountRecovery,
): Promise<RecoveredAccount> {
  const recoveryKey = parseRecoveryKey(recovery.recoveryKeyText)
  const oldSeed = deriveRecoveryAccountSeed(recoveryKey, ports.accountId)
  recoveryKey.fill(0)
  try {
    for (let round = 1; ; round++) {
      try {
        return await replaceAll({ ...ports, oldSeed }, recovery)
      } catch (error) {
        if (round === ROUNDS || !isWalletError(error, 'sync.conflict')) throw error
      }
    }
  } finally {
    oldSeed.fill(0)
  }
}

interface Recovering {
  readonly client: ServerClient
  readonly kdf: PassphraseKdf
  readonly accountId: AccountId
  /** The seed of the RAK in force. */
  readonly oldSeed: Uint8Array
  /** Writes down the key that takes its place. */
  readonly note: (recoveryKeyText: string) => Promise<void>
}

async function replaceAll(
  recovering: Recovering,
  { recoveryKeyText, newPassphrase, known }: AccountRecovery,
): Promise<RecoveredAccount> {
  const { client, kdf, accountId } = recovering
  const { clock, random } = client
  const server = { ...serverFor(recovering), ...(known && { heads: known.heads }) }
  const arrived = await fetchWhole(server, known?.head ?? null)
  // Both are replaced before anything is sealed with them.
  const unknown = {
    deviceId: known ? (known.deviceRow.recordId as string as DeviceId) : createId<DeviceId>(random),
    secretKey: new Uint8Array(SECRET_KEY_BYTES),
  }
  const header = headerOf(arrived.head, { accountId, ...unknown })
  const { identity } = arrived.pulled.devices
  const rows = known ? [...arrived.rows, known.deviceRow] : arrived.rows
  const opened = { header, rows, identity, recoveryKeyText, newPassphrase }
  const renewed = await recoverRemote({ kdf, clock, random }, opened)
  try {
    const { body, memory } = firstPush(arrived, renewed, clock())
    // Once the server has it, no other key opens anything.
    await recovering.note(renewed.kit.recoveryKeyText)
    await send(recovering, renewed, body)
    const { kit, rootKeys } = renewed
    return { header: renewed.header, rows: renewed.rows, kit, rootKeys, memory }
  } finally {
    const { oldIdentitySeed, identitySeed, account, recoverySeed, deviceKeys } = renewed
    const secrets = [oldIdentitySeed, identitySeed, account.seed, recoverySeed]
    for (const secret of [...secrets, deviceKeys.ed25519, deviceKeys.x25519]) secret.fill(0)
  }
}

type Unsigned = Omit<CredentialsRequest, 'challenge' | 'signatures'>

/** The wraps and the identity first: the server takes no new epoch without them. */
function firstPush(
  arrived: ArrivedRows,
  renewed: RecoveredRemote,
  nowMs: number,
): { readonly body: Unsigned; readonly memory: SyncMemory } {
  const { header, account, deviceKeys, identitySeed } = renewed
  const { vaultId, deviceId, accountId, epoch, minSuite } = header
  const link = linkIdentity(renewed.oldIdentitySeed, signingPublicKey(identitySeed), vaultId)
  const list = { identity: link.to, links: [...arrived.pulled.devices.links, link], devices: [] }
  const described = describeDevice(deviceId, deviceKeys, nowMs)
  const devices = withDevice(list, described, { vaultId, identitySeed })
  const before = memoryOf(arrived, arrived.pulled.headText, devices)
  const wraps = new Set(arrived.rows.filter(isWrapRow).map(({ recordId }) => recordId))
  const shared = renewed.rows.filter(({ recordId }) => (recordId as string) !== deviceId)
  const push = makePush(before, wrapsFirst(shared, wraps), {
    vault: { vaultId, deviceId, epoch, minSuite },
    ...{ deviceSeed: deviceKeys.ed25519, floor: before.state.floor },
  })
  if (push === null) throw new WalletError('vault.corrupt')
  const { outbox } = push
  const { base, changes, head } = outbox.push
  const body = {
    ...{ accountId, suite: 1 as const, salt: account.salt, kdf: { ...account.kdf } },
    accountKey: toBase64url(signingPublicKey(account.seed)),
    recoveryKey: toBase64url(signingPublicKey(renewed.recoverySeed)),
    ...{ base, devices, head },
    wraps: changes.filter(isWrapRow),
    changes: changes.filter((row) => !isWrapRow(row)),
  }
  const state = { ...before.state, head, identity: devices.identity }
  return { body, memory: { state, synced: withSent(before.synced, outbox.rows) } }
}

const isWrapRow = ({ method }: { readonly method?: unknown }) => method !== undefined

/** With the tombstones of wraps, and what is small before what is many. */
function wrapsFirst(rows: readonly StoredRow[], wraps: ReadonlySet<RecordId>): SharedRow[] {
  const rank = (row: StoredRow) => (isWrapRow(row) || wraps.has(row.recordId) ? 0 : 1)
  return [...rows]
    .sort((a, b) => rank(a) - rank(b))
    .map((row) => ({
      ...row,
      prev: Uint8Array.from(row.prev),
      envelope: Uint8Array.from(row.envelope),
    }))
}

function withSent(before: readonly SyncedRow[], sent: readonly SyncedRow[]): readonly SyncedRow[] {
  const rows = new Map(before.map((row) => [row.recordId, row]))
  for (const row of sent) rows.set(row.recordId, row)
  return [...rows.values()]
}

/** A lost reply: whoever has the new device's key in, has it all. */
async function send(
  { client, accountId, oldSeed }: Recovering,
  { header, deviceKeys }: RecoveredRemote,
  body: Unsigned,
): Promise<void> {
  try {
    await client.changeCredentials(await client.approveRecovery('credentials', body, oldSeed))
  } catch (error) {
    if (!isWalletError(error, 'provider.network')) throw error
    const { deviceId } = header
    const { head } = await client.login({ accountId, deviceId, seed: deviceKeys.ed25519 })
    if (head.sig !== body.head.sig) throw error
  }
}

/** Every page is signed for by RAK. */
function serverFor({ client, accountId, oldSeed }: Recovering) {
  return {
    pull: async (cursor: string | null): Promise<PullReply> => {
      const body = cursor === null ? { accountId } : { accountId, cursor }
      return client.fetchForRecovery(await client.approveRecovery('recovery', body, oldSeed))
    },
    heads: () => Promise.resolve({ heads: [] }),
  }
}
