import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  WalletError,
  isWalletError,
  type GrantId,
  type LimitAsk,
  type LimitParts,
  type PushRequest,
} from '../protocol/index.ts'
import { createSeededRandom } from '../testing/index.ts'
import { FUZZED_WHOLE, tryInputs } from '../testing/fuzz.ts'
import type { ModelServer } from './__fixtures__/model-server.ts'
import {
  Killed,
  createSyncWorld,
  interrupting,
  type SyncDevice,
} from './__fixtures__/sync-world.ts'
import { evenPart } from './next-part.ts'

const SCHEDULES = 25
const LONG_SCHEDULES = 10_000
const LIMIT = 'usd/month'
const CENT = 10_000_000

describe('the even parts of a limit', () => {
  it('are together the limit, and differ by no more than one (C67)', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 32 }), (limit, devices) => {
        const parts = Array.from({ length: devices }, (_, at) => evenPart(limit, at, devices))
        expect(parts.reduce((total, part) => total + BigInt(part), 0n)).toBe(BigInt(limit))
        expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1)
      }),
    )
  })
})

type Step =
  | { readonly kind: 'sync' }
  | { readonly kind: 'late' }
  | { readonly kind: 'compact' }
  | { readonly kind: 'spend' | 'budget'; readonly cents: number }

const cents = fc.integer({ min: 1, max: 400 })
const stepArbitrary: fc.Arbitrary<Step & { readonly device: number }> = fc
  .tuple(
    fc.nat(),
    fc.oneof(
      { weight: 8, arbitrary: fc.constant<Step>({ kind: 'sync' }) },
      { weight: 8, arbitrary: fc.record({ kind: fc.constant('spend' as const), cents }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('budget' as const), cents }) },
      { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'late' }, { kind: 'compact' }) },
    ),
  )
  .map(([device, step]) => ({ ...step, device }))

const scheduleArbitrary = fc.record({
  devices: fc.constantFrom(2, 2, 3, 5),
  pageSize: fc.constantFrom(1, 1000),
  seed: fc.string(),
  kill: fc.constantFrom(0, 0.05, 0.2),
  lose: fc.constantFrom(0, 0.1, 0.4),
  steps: fc.array(stepArbitrary, { minLength: 10, maxLength: 60, size: 'max' }),
})
type Schedule = typeof scheduleArbitrary extends fc.Arbitrary<infer T> ? T : never

/** A device that spends money of one grant, and all it knows of how much of it is its own. */
class Spender {
  readonly device: SyncDevice
  used = 0
  readonly grantId: GrantId
  readonly #now: () => number
  /** What a call that comes in the middle of a sync would spend. */
  readonly #meanwhile: () => number
  #parts: LimitParts
  #asks: LimitAsk[] = []

  constructor(
    device: SyncDevice,
    of: { grantId: GrantId; now: () => number; meanwhile: () => number },
  ) {
    this.device = device
    this.grantId = of.grantId
    this.#now = of.now
    this.#meanwhile = () => of.meanwhile()
    this.#parts = device.memory.state.parts ?? {}
    device.limits = {
      used: async () => {
        const { used } = this
        await this.spend(this.#meanwhile())
        return used
      },
      lower: (parts) => {
        this.#parts = parts
        return Promise.resolve()
      },
      note: (parts) => {
        this.#parts = parts
      },
      takeAsks: () => this.#asks.splice(0),
      now: this.#now,
    }
  }

  /** The worker is started anew: what it knows is what is on the disk. */
  restart(): void {
    this.#parts = this.device.memory.state.parts ?? {}
    this.#asks = []
  }

  /** What it may use up of the budget, as far as it knows. */
  async part(): Promise<number> {
    const grant = await this.device.vault.readRecord('grant', this.grantId)
    const whole = Math.round(Number(grant?.terms.budgets[0]?.usd) * 100) * CENT
    const isMaker = (await this.device.vault.readMaker(this.grantId)) === this.device.id
    return Math.min(whole, this.#parts[this.grantId]?.[LIMIT] ?? (isMaker ? whole : 0))
  }

  async spend(amount: number): Promise<void> {
    if (this.used + amount <= (await this.part())) this.used += amount
    else {
      const target = this.used + amount
      this.#asks.push({ grantId: this.grantId, limit: LIMIT, target, at: this.#now() })
    }
  }
}

describe('the parts of a budget that devices have', () => {
  it(
    'are never more than it together, nor what they spend, whatever was lost, late or killed (C67)',
    FUZZED_WHOLE,
    async () => {
      await tryInputs(SCHEDULES, fc.asyncProperty(scheduleArbitrary, runSchedule), LONG_SCHEDULES)
    },
  )
})

async function runSchedule(schedule: Schedule): Promise<void> {
  const { server, devices, clock } = await createSyncWorld(schedule.devices)
  server.pageSize = schedule.pageSize
  const draw = createSeededRandom(schedule.seed)
  const chance = (): number => (draw(1)[0] ?? 0) / 256
  const grant = (await devices[0]?.vault.listRecords('grant'))?.records[0]
  if (!grant) throw new Error('the known vault has a grant')
  const of = {
    grantId: grant.id,
    now: clock.now,
    meanwhile: () => Math.floor(chance() * 300) * CENT,
  }
  const spenders = devices.map((device) => new Spender(device, of))
  for (const device of devices) device.interrupt = interrupting(chance, schedule)
  let most = 500
  let isCut = false

  for (const step of schedule.steps) {
    clock.advance(1)
    const spender = spenders[step.device % spenders.length]
    if (!spender) continue
    if (step.kind === 'spend') await spender.spend(step.cents * CENT)
    else if (step.kind === 'compact') server.compact()
    else if (step.kind === 'late') deliverAgain(server, step.device)
    else if (step.kind === 'sync') await tried(spender)
    else {
      await setBudget(spender, grant.id, step.cents)
      isCut ||= step.cents < most
      most = Math.max(most, step.cents)
    }
    expect(sum(spenders.map(({ used }) => used))).toBeLessThanOrEqual(most * CENT)
    // Of a budget that was made smaller, whoever has not heard of it still has its part.
    const parts = await Promise.all(spenders.map((each) => each.part()))
    if (!isCut) expect(sum(parts)).toBeLessThanOrEqual(most * CENT)
  }

  for (const device of devices) device.interrupt = () => undefined
  of.meanwhile = () => 0
  for (const { device } of Array(4).fill(spenders).flat() as Spender[]) await device.sync()
  const parts = await Promise.all(spenders.map((each) => each.part()))
  const [first] = spenders
  const final = await first?.device.vault.readRecord('grant', grant.id)
  const whole = Math.round(Number(final?.terms.budgets[0]?.usd) * 100) * CENT
  const used = sum(spenders.map((each) => Math.min(each.used, whole)))
  // None of it is lost either: all of it is somebody's.
  expect(sum(parts)).toBeGreaterThanOrEqual(whole)
  expect(sum(parts)).toBeLessThanOrEqual(Math.max(whole, used))
}

/** Three devices with even parts of a budget of five dollars. */
async function threeSpenders(): Promise<readonly Spender[]> {
  const { devices, clock } = await createSyncWorld(3)
  const grant = (await devices[0]?.vault.listRecords('grant'))?.records[0]
  if (!grant) throw new Error('the known vault has a grant')
  const of = { grantId: grant.id, now: clock.now, meanwhile: () => 0 }
  const spenders = devices.map((device) => new Spender(device, of))
  for (const { device } of [...spenders, ...spenders]) await device.sync()
  return spenders
}

describe('a part that was asked for', () => {
  it('counts once the server has it, not before: another device may have been faster (C67)', async () => {
    const spenders = await threeSpenders()
    const [, slow, fast] = spenders
    if (!slow || !fast) throw new Error('there are three')
    for (const { device } of [slow, fast]) await device.sync()
    const before = await slow.part()
    // What is free by now is asked for by both.
    const [first] = spenders
    if (first) await setBudget(first, first.grantId, 1_000)
    await first?.device.sync()
    const parts = async () => sum(await Promise.all(spenders.map((each) => each.part())))
    for (const each of [slow, fast]) await each.spend((await each.part()) + 80 * CENT)

    const { server } = slow.device
    slow.device.server = {
      ...{ pull: server.pull, heads: server.heads },
      push: () => Promise.reject(new WalletError('provider.network')),
    }
    await tried(slow)
    expect(await slow.part()).toBe(before)
    await fast.device.sync()
    expect(await parts()).toBeLessThanOrEqual(1_000 * CENT)
    slow.device.server = server
    await slow.device.sync()
    expect(await slow.part()).toBeGreaterThan(before)
    expect(await parts()).toBeLessThanOrEqual(1_000 * CENT)
  })
})

describe('a part that is given away', () => {
  it('is out of reach for a call that comes in the middle of the sync (C67)', async () => {
    const { devices, clock } = await createSyncWorld(2)
    const grant = (await devices[0]?.vault.listRecords('grant'))?.records[0]
    if (!grant) throw new Error('the known vault has a grant')
    const of = { grantId: grant.id, now: clock.now, meanwhile: () => 400 * CENT }
    const spenders = devices.map((device) => new Spender(device, of))
    for (const { device } of [...spenders, ...spenders]) await device.sync()
    for (const each of spenders) await each.spend(250 * CENT)
    expect(sum(spenders.map(({ used }) => used))).toBe(500 * CENT)
  })
})

const sum = (amounts: readonly number[]) => amounts.reduce((total, each) => total + each, 0)

async function setBudget({ device }: Spender, id: GrantId, amount: number): Promise<void> {
  const grant = await device.vault.readRecord('grant', id)
  if (!grant) return
  const usd = (amount / 100).toFixed(2)
  const terms = { ...grant.terms, budgets: [{ usd, window: 'month' as const }] }
  await device.vault.updateRecord('grant', id, { terms })
}

async function tried(spender: Spender): Promise<void> {
  try {
    await spender.device.sync()
  } catch (error) {
    if (error instanceof Killed) spender.restart()
    else if (!isWalletError(error, 'provider.network')) throw error
  }
}

function deliverAgain(server: ModelServer, at: number): void {
  const push: PushRequest | undefined = server.sent[at % server.sent.length]
  if (!push) return
  try {
    server.push(push)
  } catch (error) {
    if (!isWalletError(error, 'sync.conflict')) throw error
  }
}
