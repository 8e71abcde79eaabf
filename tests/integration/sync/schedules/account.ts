/** Accounts of two to five devices as they are when a schedule begins, and the one server that has them all. */
import { openTestServer, type TestServer } from '@valetkey/server/testing'
import { createFakeClock, fastTestKdf, type FakeClock } from '@valetkey/wallet/testing'
import { KNOWN_PASSPHRASE } from '@valetkey/wallet/testing'
import type { GrantId } from '@valetkey/wallet/protocol'
import { joinWithKit, signUp, type SyncMemory } from '@valetkey/wallet/sync'
import type { ExportedRootKey, OpenVault, VaultSnapshot } from '@valetkey/wallet/vault'
import { clientAt, createWallet, writeJoined, type WalletDevice } from '../wallet-device.ts'
import { Tally } from './tally.ts'

export interface SavedDevice {
  readonly contents: VaultSnapshot
  readonly memory: SyncMemory
  readonly rootKeys: readonly ExportedRootKey[]
}

/** All devices in step, nobody with anything to say. */
export interface SavedAccount {
  readonly accountId: string
  readonly grantId: GrantId
  readonly devices: readonly SavedDevice[]
  /** Puts the server's part of it back as it was. */
  readonly restore: () => Promise<void>
}

/** How many devices an account may have here. */
export const COUNTS = [2, 3, 4, 5] as const
/** Making them takes less, by any clock. */
const MADE_WITHIN_MS = 120_000

/** One server for thousands of schedules: making accounts costs more than running one. */
export class ScheduleServer implements AsyncDisposable {
  readonly tally = new Tally()
  readonly #startsAt: number
  readonly #accounts = new Map<number, SavedAccount>()

  readonly test: TestServer
  readonly clock: FakeClock

  private constructor(test: TestServer, clock: FakeClock) {
    this.test = test
    this.clock = clock
    this.#startsAt = clock.now()
  }

  static async open(): Promise<ScheduleServer> {
    const clock = createFakeClock(Date.now())
    const server = new ScheduleServer(await openTestServer(':memory:', {}, clock.now), clock)
    // At once: the wallets that make the accounts go by the machine's clock, the server by its own.
    for (const count of COUNTS) server.#accounts.set(count, await server.#create(count))
    return server
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.test[Symbol.asyncDispose]()
  }

  /** An account of so many devices, as it was when it was made. */
  async begin(count: number): Promise<SavedAccount> {
    const account = this.#accounts.get(count)
    if (!account) throw new TypeError('there are accounts of two to five devices')
    this.clock.set(this.#startsAt + MADE_WITHIN_MS)
    await account.restore()
    return account
  }

  async #create(count: number): Promise<SavedAccount> {
    const { test } = this
    const first = await createWallet(test)
    const { vault, store, kit } = first
    const grantId = await limitGrant(vault)
    const client = clientAt(test.fetch)
    const how = { passphrase: KNOWN_PASSPHRASE, recoveryKeyText: kit.recoveryKeyText }
    first.memory = (await signUp({ client, vault, store, kdf: fastTestKdf }, how)).memory
    const devices: WalletDevice[] = [first]
    const { accountId, secretKeyText } = kit
    const join = { accountIdText: accountId, secretKeyText, passphrase: KNOWN_PASSPHRASE }
    while (devices.length < count) {
      const joined = await joinWithKit({ client, kdf: fastTestKdf }, join)
      devices.push(await writeJoined(test, joined))
    }
    for (const device of [...devices, ...devices]) await device.sync()
    return {
      ...{ accountId: vault.accountId, grantId },
      devices: await Promise.all(devices.map(saved)),
      restore: await this.save(vault.accountId),
    }
  }

  /** All the server has of an account now. @returns puts it back */
  async save(accountId: string): Promise<() => Promise<void>> {
    const { queries } = this.test.server.database
    const of = (table: 'rows' | 'heads' | 'devices') =>
      queries.selectFrom(table).selectAll().where('account_id', '=', accountId).execute()
    const account = await queries
      .selectFrom('accounts')
      .selectAll()
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow()
    const tables = {
      ...{ rows: await of('rows'), heads: await of('heads'), devices: await of('devices') },
    }
    return async () => {
      for (const table of ['rows', 'heads', 'devices', 'sessions'] as const) {
        await queries.deleteFrom(table).where('account_id', '=', accountId).execute()
      }
      await queries.updateTable('accounts').set(account).where('id', '=', accountId).execute()
      await queries.insertInto('rows').values(tables.rows).execute()
      await queries.insertInto('heads').values(tables.heads).execute()
      await queries.insertInto('devices').values(tables.devices).execute()
    }
  }
}

/** A budget that no new month makes whole again, and so many calls a day. */
async function limitGrant(vault: OpenVault): Promise<GrantId> {
  const [grant] = (await vault.listRecords('grant')).records
  if (!grant) throw new TypeError('the known vault has a grant')
  const terms = {
    ...grant.fields.terms,
    budgets: [{ usd: '5.00', window: 'total' as const }],
    requests: [{ count: 12, window: 'day' as const }],
  }
  await vault.updateRecord('grant', grant.id, { terms })
  return grant.id
}

async function saved({ vault, store, memory }: WalletDevice): Promise<SavedDevice> {
  if (memory === null) throw new TypeError('the device has its account')
  return { contents: await store.readAll(), memory, rootKeys: vault.exportRootKeys() }
}
