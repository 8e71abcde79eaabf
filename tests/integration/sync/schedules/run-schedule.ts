/** One schedule from its beginning to its end, and what must hold then. */
import { formatSecretKey } from '@valetkey/wallet/crypto'
import {
  fromBase64url,
  isJsonObject,
  isWalletError,
  limitsOf,
  parseJson,
  type DeviceId,
  KEPT_SECRETS_MAX,
  type KeyId,
  type RecordFields,
} from '@valetkey/wallet/protocol'
import { changeSyncedPassphrase, joinWithKit, openEpoch } from '@valetkey/wallet/sync'
import {
  KNOWN_PASSPHRASE,
  createSeededRandom,
  fastTestKdf,
  knownKey,
  readableIn,
} from '@valetkey/wallet/testing'
import { readSecretKeyText, type OpenVault } from '@valetkey/wallet/vault'
import { expect } from 'vitest'
import { clientAt, writeJoined } from '../wallet-device.ts'
import type { SavedAccount, ScheduleServer } from './account.ts'
import { Model, type Field, type Shown } from './model.ts'
import { Network } from './network.ts'
import { ScheduledDevice } from './scheduled-device.ts'
import type { CredentialsStep, Schedule, Step, WriteStep } from './schedule.ts'
import { GrantLimits, mostUsed } from './spender.ts'

const LONG_AWAY_MS = 181 * 24 * 60 * 60_000
/** Once round more than the longest way from one device to all others and back. */
const ROUNDS = 8

/** What a change of credentials makes of the account once the server takes it. */
interface Credentials {
  readonly passphrase: string
  readonly removes: readonly DeviceId[]
}

/** @throws where anything that must hold does not */
export async function runSchedule(server: ScheduleServer, schedule: Schedule): Promise<void> {
  const world = await createWorld(server, await server.begin(schedule.devices), schedule)
  try {
    for (const step of schedule.steps) {
      server.clock.advance(1)
      await world.take(step)
      await world.checkLimits()
    }
    await world.settle()
    await world.check()
  } finally {
    for (const device of world.devices) await device.close()
  }
}

async function createWorld(server: ScheduleServer, account: SavedAccount, schedule: Schedule) {
  const draw = createSeededRandom(schedule.seed)
  const chance = (): number => ((draw(1)[0] ?? 0) * 256 + (draw(1)[0] ?? 0)) / 65_536
  const world = new World(server, account, schedule, chance)
  for (const saved of account.devices) {
    const skewMs = schedule.isSkewed ? Math.round((chance() - 0.5) * 240_000) : 0
    world.devices.push(
      await ScheduledDevice.open(saved, {
        clock: () => server.clock.now() + skewMs,
        fetch: (device) => world.network.for(device),
        dies: () => world.isDeadly && chance() < world.kill,
        pageSize: schedule.pageSize,
        onOutbox: (device, head) => {
          world.model.wroteDown(device.id, head)
        },
        grantId: account.grantId,
        meanwhileCents: () => (world.isCalling && chance() < 0.5 ? Math.ceil(chance() * 300) : 0),
        count: (what) => {
          server.tally.count(what)
        },
      }),
    )
  }
  await world.remember()
  world.kill = schedule.kill
  world.isCalling = true
  return world
}

class World {
  readonly devices: ScheduledDevice[] = []
  readonly model = new Model()
  readonly network: Network
  kill = 0
  /** Whether calls come in the middle of syncs. */
  isCalling = false
  readonly #limits = new GrantLimits()
  readonly #chance: () => number
  readonly #server: ScheduleServer
  readonly #account: SavedAccount
  readonly #isExact: boolean
  /** Whether what is kept for a month is over. */
  #isLongAway = false
  /** Every key there ever was, oldest first. */
  readonly #keys: string[] = []
  readonly #credentials = new Map<string, Credentials>()
  readonly #passphrases: string[] = [KNOWN_PASSPHRASE]
  /** The one in force, as the server has it. */
  #passphrase = KNOWN_PASSPHRASE
  #asking: Credentials | null = null
  #values = 0
  #reviving = 0
  /** How many pushes the server took. */
  #pushes = 0
  #status = ''
  #isRevoked = false

  constructor(
    server: ScheduleServer,
    account: SavedAccount,
    { rates, isSkewed }: Schedule,
    chance: () => number,
  ) {
    this.#server = server
    this.#account = account
    this.#isExact = !isSkewed
    this.#chance = chance
    this.network = new Network(server.test.fetch, rates, {
      ...{ chance, tally: server.tally },
      onSent: (path, body) => {
        if (path === '/v1/account/credentials' && this.#asking) {
          this.#credentials.set(headIn(body), this.#asking)
        }
      },
      onTaken: (path, body) => {
        this.#taken(path, body)
      },
    })
  }

  get isDeadly(): boolean {
    return this.kill > 0 && this.#reviving === 0
  }

  /** What the vault holds at the beginning. */
  async remember(): Promise<void> {
    const [{ vault } = expectDevice()] = this.devices
    for (const { id, fields } of (await vault.listRecords('key')).records) {
      this.#keys.push(id)
      this.model.set(NOBODY, id, fieldsOf(fields), {})
    }
    const grant = await vault.readRecord('grant', this.#account.grantId)
    this.#status = grant?.status ?? ''
    if (grant) this.#limits.set(grant.terms)
  }

  async take(step: Step): Promise<void> {
    const device = this.devices[step.device % this.devices.length] ?? expectDevice()
    switch (step.kind) {
      case 'sync':
        return this.#attempt(device, () => device.sync())
      case 'race': {
        const other = this.devices[step.other % this.devices.length] ?? device
        const both = other === device ? [device] : [device, other]
        await Promise.all(
          both.map((each) => {
            const cents = Math.ceil(this.#chance() * 200)
            return this.#attempt(each, () => each.syncAndCall(cents))
          }),
        )
        return
      }
      case 'call':
        return this.#attempt(device, () => device.spender.call(step.cents))
      case 'budget':
        return this.#attempt(device, () => this.#setBudget(device, step.cents))
      case 'cut':
        device.isCut = !device.isCut
        return
      case 'crash':
        return this.#attempt(device, () => Promise.resolve(device.die()))
      case 'away':
        return this.#goOnWithout(device, step.pick)
      case 'late':
        return this.network.deliverLate(step.isOldest)
      case 'passphrase':
      case 'rotate':
      case 'expel':
        await Promise.all([this.#changeCredentials(device, step), this.#rival(device, step)])
        return
      case 'add':
      case 'edit':
      case 'remove':
      case 'grant':
        return this.#attempt(device, () => this.#write(device, step))
    }
  }

  /** Everything arrives, nothing dies, and all sync until nobody has anything to say. */
  async settle(): Promise<void> {
    this.kill = 0
    this.isCalling = false
    this.network.calm()
    await this.network.deliverAll()
    for (const device of this.devices) device.isCut = false
    const staying = this.#staying()
    for (let round = 0; round < ROUNDS; round++) {
      const before = this.#pushes
      for (const device of staying) {
        this.#server.clock.advance(1)
        await device.sync()
      }
      const heads = await Promise.all(staying.map(headOf))
      if (this.#pushes === before && heads.every((head) => head === heads[0])) return
    }
    throw new Error('the devices never fall silent')
  }

  async check(): Promise<void> {
    const [first = expectDevice(), ...others] = this.#staying()
    await this.#checkShown(first)
    await this.#checkSharedOut(first)
    const whole = await readableIn(first.vault)
    for (const { vault } of others) expect(await readableIn(vault)).toEqual(whole)
    await this.#checkServer(first)
    for (const device of this.#staying()) {
      const opened = await device.unlock([this.#passphrase])
      expect(opened.epoch).toBe(first.vault.epoch)
      opened.wipe()
    }
    for (const device of this.devices) {
      if (this.model.isRemoved(device.id)) await this.#checkRemoved(device, first)
    }
    await this.#checkKit(first, whole)
  }

  /**
   * C67: what all devices may spend together is never more than the limit, nor is what they spent. A device that
   * was removed is outside of it: its part is free at once.
   */
  async checkLimits(): Promise<void> {
    const spenders = this.#staying().map(({ spender }) => spender)
    for (const [name, most] of this.#limits.most) {
      expect(mostUsed(spenders, name), `used of ${name}`).toBeLessThanOrEqual(most)
      // Of a grant that was taken back there are no parts any more, and no calls.
      if (this.#isRevoked) continue
      this.#reviving += 1
      const taken = spenders.map(async (spender) => {
        const part = await spender.partOf(name, most)
        // What is used up is nothing to give; a new day makes calls whole again.
        return name === 'usd/total' ? Math.max(part, mostUsed([spender], name)) : part
      })
      const parts = await Promise.all(taken)
      this.#reviving -= 1
      expect(sum(parts), `parts of ${name}: ${parts.join(', ')}`).toBeLessThanOrEqual(most)
    }
  }

  /** All that is not used up is somebody's. */
  async #checkSharedOut(first: ScheduledDevice): Promise<void> {
    await this.checkLimits()
    const grant = await first.vault.readRecord('grant', this.#account.grantId)
    if (!grant || grant.status === 'revoked') return
    const spenders = this.#staying().map(({ spender }) => spender)
    for (const { name, whole } of limitsOf(grant.terms)) {
      const parts = await Promise.all(spenders.map((spender) => spender.partOf(name, whole)))
      expect(sum(parts), `parts of ${name}: ${parts.join(', ')}`).toBeGreaterThanOrEqual(whole)
      const used = sum(spenders.map((spender) => mostUsed([spender], name)))
      expect(sum(parts)).toBeLessThanOrEqual(Math.max(whole, used))
    }
  }

  #staying(): readonly ScheduledDevice[] {
    return this.devices.filter(({ id }) => !this.model.isRemoved(id))
  }

  /** Runs what a device does: its worker may die, its network may be gone, it may be off the list. */
  async #attempt(device: ScheduledDevice, run: () => Promise<void>): Promise<void> {
    try {
      await run()
    } catch (error) {
      if (device.isDead) return
      const isRemoved = this.model.isRemoved(device.id)
      const refused = ['auth.failed', 'auth.forbidden'] as const
      if (isRemoved && refused.some((code) => isWalletError(error, code))) return
      if (!isWalletError(error, 'provider.network')) throw error
    } finally {
      await this.#revive(device)
    }
  }

  /** A new worker starts at once; it does not die before it has opened the vault. */
  async #revive(device: ScheduledDevice): Promise<void> {
    if (!device.isDead) return
    this.#server.tally.count('worker died')
    this.#reviving += 1
    await device.revive(this.#passphrases)
    this.#reviving -= 1
  }

  async #changeCredentials(device: ScheduledDevice, step: CredentialsStep): Promise<void> {
    const passphrase = this.#passphrase
    const removes = step.kind === 'expel' ? this.#choose(device, step.pick) : []
    if (step.kind === 'expel' && removes.length === 0) return
    const newPassphrase = `another harbour at dusk ${this.#passphrases.length}`
    if (step.kind !== 'expel') this.#passphrases.unshift(newPassphrase)
    const { kill } = this
    // The steps between the server's change and this device's own are few, and matter most.
    this.kill *= 2
    this.#asking = { passphrase: step.kind === 'expel' ? passphrase : newPassphrase, removes }
    await this.#attempt(device, async () => {
      const how = device.credentials()
      if (step.kind === 'passphrase') {
        await changeSyncedPassphrase(how, { passphrase, newPassphrase })
        return
      }
      await openEpoch(how, {
        ...{ passphrase, removes },
        ...(step.kind === 'rotate' && { newPassphrase }),
      })
      device.keepRootKeys()
    })
    this.#asking = null
    this.kill = kill
  }

  /** A device is away so long that nobody waits for it: the server lets go what all others know is gone. */
  async #goOnWithout(away: ScheduledDevice, pick: number | null): Promise<void> {
    const others = this.devices.filter((device) => device !== away)
    const write = (device: ScheduledDevice, step: WriteStep) => {
      this.#server.clock.advance(1)
      return this.#attempt(device, () => this.#write(device, step))
    }
    const [first] = others
    if (pick !== null && first) await write(first, { kind: 'remove', device: 0, pick })
    this.#server.clock.advance(LONG_AWAY_MS)
    this.#isLongAway = true
    for (let round = 0; round < 2; round++) {
      for (const device of others) {
        if (device === first) await write(device, { kind: 'add', device: 0 })
        await this.#attempt(device, () => device.sync())
      }
    }
  }

  /** Another device that writes meanwhile. */
  async #rival(device: ScheduledDevice, { rival }: CredentialsStep): Promise<void> {
    const other = rival === null ? device : this.devices[rival % this.devices.length]
    if (!other || other === device) return
    await this.#attempt(other, async () => {
      await this.#write(other, { kind: 'edit', device: 0, pick: 0, field: 'notes' })
      await other.sync()
    })
  }

  /** One of the others, where two are left without it. */
  #choose(device: ScheduledDevice, pick: number): readonly DeviceId[] {
    const others = this.#staying().filter(({ id }) => id !== device.id)
    const chosen = others[pick % others.length]
    return chosen && others.length > 1 ? [chosen.id] : []
  }

  async #write(device: ScheduledDevice, step: WriteStep): Promise<void> {
    const { written } = device
    const { vault } = device
    const value = `value ${(this.#values += 1)}`
    let note: () => void = () => undefined
    try {
      if (step.kind === 'add') {
        const fields = { ...knownKey(value), notes: value, secret: `secret ${value}` }
        note = () => {
          const [row] = device.lastWritten
          if (!row) throw new TypeError('a row was written')
          this.#keys.push(row.recordId)
          this.model.set(device.id, row.recordId, fieldsOf(fields), {})
        }
        await vault.createRecord('key', fields)
      } else if (step.kind === 'grant') {
        const id = this.#account.grantId
        const { status } = (await vault.readRecord('grant', id)) ?? {}
        if (status === step.status || status === 'revoked') return
        note = () => {
          this.model.setStatus(device.id, step.status)
          this.#isRevoked ||= step.status === 'revoked'
        }
        await vault.updateRecord('grant', id, { status: step.status })
      } else {
        const key = await this.#pick(vault, step.pick)
        if (!key) return
        const { id, fields } = key
        if (step.kind === 'remove') {
          note = () => {
            this.model.remove(device.id, id)
          }
          await vault.removeRecord(id)
        } else {
          const { field } = step
          note = () => {
            this.model.set(device.id, id, { [field]: value }, fields)
          }
          await vault.updateRecord('key', id, { [field]: value })
        }
      }
    } finally {
      // Also where the worker died right after.
      if (device.written > written) note()
    }
  }

  async #setBudget(device: ScheduledDevice, cents: number): Promise<void> {
    const id = this.#account.grantId
    const grant = await device.vault.readRecord('grant', id)
    if (!grant) return
    const terms = {
      ...grant.terms,
      budgets: [{ usd: (cents / 100).toFixed(2), window: 'total' as const }],
    }
    // Before: the worker may die right after it was written.
    this.#limits.set(terms)
    await device.vault.updateRecord('grant', id, { terms })
  }

  /** A key that this device shows. */
  async #pick(vault: OpenVault, pick: number): Promise<{ id: KeyId; fields: Shown } | null> {
    const { records } = await vault.listRecords('key')
    const shown = new Map(records.map(({ id, fields }) => [id as string, { id, fields }]))
    const ids = this.#keys.filter((id) => shown.has(id))
    return shown.get(ids[pick % ids.length] ?? '') ?? null
  }

  #taken(path: string, body: string): void {
    const head = headIn(body)
    if (path === '/v1/sync/push') {
      this.model.took(head)
      this.#pushes += 1
    }
    if (path !== '/v1/account/credentials') return
    const asked = this.#credentials.get(head)
    if (!asked) throw new Error('nobody asked for these credentials')
    this.#passphrase = asked.passphrase
    for (const id of asked.removes) {
      this.model.expelled(id)
      this.#server.tally.count('device removed')
    }
  }

  async #checkShown({ vault }: ScheduledDevice): Promise<void> {
    const { records, damaged } = await vault.listRecords('key')
    expect(damaged).toEqual([])
    const allowed = this.model.allowed(this.#isExact)
    expect(records.map(({ id }) => id as string).sort()).toEqual([...allowed.keys()].sort())
    for (const { id, fields } of records) {
      for (const [field, values] of Object.entries(allowed.get(id) ?? {})) {
        expect([...values], `${field} of ${id}`).toContain(fields[field as Field])
      }
    }
    this.#checkKept(records)
    const grant = await vault.readRecord('grant', this.#account.grantId)
    const statuses = this.model.allowedStatus(this.#status, this.#isExact)
    expect([...statuses]).toContain(grant?.status)
  }

  /** A secret that nobody overwrote in sight of it is used, or kept for a month (formats §4). */
  #checkKept(records: readonly { readonly id: string; readonly fields: RecordFields<'key'> }[]) {
    if (this.#isLongAway) return
    for (const { id, fields } of records) {
      const written = this.model.allowed(false).get(id)?.secret ?? new Set()
      // More than that have no room.
      if (written.size > KEPT_SECRETS_MAX + 1) continue
      const kept = (fields.history ?? []).map(({ secret }) => secret)
      expect([fields.secret, ...kept], `secrets of ${id}`).toEqual(
        expect.arrayContaining([...written]),
      )
      if (kept.length > 0) this.#server.tally.count('secret kept')
    }
  }

  /** The server has what the devices have, all of it under the newest root key. */
  async #checkServer(first: ScheduledDevice): Promise<void> {
    const { queries } = this.#server.test.server.database
    const { accountId } = this.#account
    const account = await queries
      .selectFrom('accounts')
      .select(['head', 'epoch'])
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow()
    expect(account).toEqual({ head: await headOf(first), epoch: first.vault.epoch })
    const old = await queries
      .selectFrom('rows')
      .select(['record_id'])
      .where('account_id', '=', accountId)
      .where('epoch', '<', account.epoch)
      .where('del', '=', 0)
      .where('method', 'is', null)
      .execute()
    expect(old).toEqual([])
  }

  /** It has nothing that was written after it was removed, whoever answers it. */
  async #checkRemoved(device: ScheduledDevice, other: ScheduledDevice): Promise<void> {
    const check = async (): Promise<void> => {
      const newer = this.model.newerThan(device.id)
      for (const { fields } of (await device.vault.listRecords('key')).records) {
        for (const value of Object.values(fieldsOf(fields))) expect(newer).not.toContain(value)
      }
      const { rows } = await device.store.readAll()
      const epochs = device.vault.exportRootKeys().map(({ epoch }) => epoch)
      expect(Math.max(...epochs)).toBeLessThan(other.vault.epoch)
      expect(rows.length).toBeGreaterThan(0)
    }
    await check()
    await expect(device.sync()).rejects.toMatchObject({ code: 'auth.failed' })
    await expect(device.syncAs(other)).rejects.toMatchObject({ code: 'auth.forbidden' })
    await check()
  }

  /** Whoever has the kit of now and the passphrase has all of it. */
  async #checkKit({ store, vault }: ScheduledDevice, whole: unknown): Promise<void> {
    const { test } = this.#server
    const secretKeyText = formatSecretKey(fromBase64url(await readSecretKeyText(store)))
    const kit = { accountIdText: vault.accountId, secretKeyText, passphrase: this.#passphrase }
    const joined = await joinWithKit({ client: clientAt(test.fetch), kdf: fastTestKdf }, kit)
    expect(await readableIn((await writeJoined(test, joined)).vault)).toEqual(whole)
  }
}

/** Wrote what was there before a schedule began. */
const NOBODY = '' as DeviceId

function expectDevice(): never {
  throw new TypeError('a schedule has two devices or more')
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, each) => total + each, 0)

function fieldsOf({ label, notes, secret }: Shown): Shown {
  return { label, notes, secret }
}

function headIn(body: string): string {
  const parsed = parseJson(body)
  const signed = isJsonObject(parsed) ? parsed['head'] : null
  const head = isJsonObject(signed) ? signed['head'] : null
  return typeof head === 'string' ? head : ''
}

async function headOf({ store }: ScheduledDevice): Promise<string> {
  return (await store.sync.read()).state.head?.head ?? ''
}
