import { beforeEach, describe, expect, it } from 'vitest'
import {
  createId,
  parseUsd,
  type GrantId,
  type NanoUsd,
  type RecordFields,
  type Terms,
} from '@valetkey/wallet/protocol'
import { defaultTerms } from '@valetkey/wallet/grants'
import { createFakeClock, createSeededRandom } from '@valetkey/wallet/testing'
import type { OpenVault } from '@valetkey/wallet/vault'
import { AppNotices, NO_NOTICES, type DailySpend, type NoticeState } from './app-notices.ts'

const APP = 'https://app.example.test'
const DAY_MS = 86_400_000
const random = createSeededRandom('app notices')
const GRANT = createId<GrantId>(random)

let clock: ReturnType<typeof createFakeClock>
let state: NoticeState
let told: { id: string; title: string; text: string }[]
let used: NanoUsd
let spend: DailySpend
let isLocked: boolean
let fields: RecordFields<'grant'>
let notices: AppNotices

beforeEach(() => {
  clock = createFakeClock(Date.UTC(2026, 10, 21, 12))
  state = NO_NOTICES
  told = []
  used = 0
  spend = { today: 0, pastDays: [] }
  isLocked = false
  fields = {
    ...{ subject: { origin: APP }, status: 'active', createdAt: 0, valetKeys: [] },
    terms: terms({ budgets: [{ usd: '5.00', window: 'month' }] }),
  }
  notices = worker()
})

/** A worker as it starts: what it knows of before is what was written. */
function worker(): AppNotices {
  return new AppNotices({
    clock: clock.now,
    memory: {
      read: () => Promise.resolve(state),
      write: (next) => Promise.resolve(void (state = next)),
    },
    ledger: { used: (_id, budgets) => Promise.resolve(budgets.map(() => used)) },
    dailySpend: () => Promise.resolve(spend),
    openVault: () => Promise.resolve(isLocked ? null : vault),
    tell: (note) => told.push(note),
  })
}

const vault = {
  listRecords: () => Promise.resolve({ records: [{ id: GRANT, fields }], unreadable: [] }),
} as unknown as OpenVault // of a vault nothing but its grants is read here

function terms(over: Partial<Terms>): Terms {
  return { ...defaultTerms({ now: clock.now(), keys: [] }), ...over }
}

const spends = async (usd: string): Promise<void> => {
  used = parseUsd(usd)
  await notices.look(GRANT)
}
const percents = (): string[] => told.map(({ id }) => id.split(' ').at(-1) ?? '')

describe('a limit that is nearly used', () => {
  it('is told once at 80 %, and once when it is used up', async () => {
    await spends('3.99')
    expect(told).toEqual([])

    await spends('4.00')
    await spends('4.50')
    expect(percents()).toEqual(['80'])
    expect(told[0]).toMatchObject({
      title: 'app.example.test has used most of its limit',
      text: '$4.00 of $5.00 this month. Nothing to do yet.',
    })

    await spends('5.00')
    await spends('5.00')
    expect(percents()).toEqual(['80', '100'])
    expect(await notices.list(vault)).toHaveLength(1)
  })

  it('is told once, also by a worker that starts anew', async () => {
    await spends('4.00')
    notices = worker()
    await spends('4.10')

    expect(percents()).toEqual(['80'])
  })

  it('is not told at 80 % once it was told at all', async () => {
    await spends('5.00')
    await spends('4.50')

    expect(percents()).toEqual(['100'])
  })

  it('is told once, of calls that end together', async () => {
    used = parseUsd('4.00')
    await Promise.all([notices.look(GRANT), notices.look(GRANT), notices.look(GRANT)])

    expect(percents()).toEqual(['80'])
  })

  it('is told anew in the next period, and under a limit that was raised', async () => {
    await spends('4.00')
    clock.advance(30 * DAY_MS)
    await spends('4.00')
    expect(percents()).toEqual(['80', '80'])

    fields = { ...fields, terms: terms({ budgets: [{ usd: '10.00', window: 'month' }] }) }
    await spends('8.00')
    expect(percents()).toEqual(['80', '80', '80'])
  })

  it('is used up for an app whose call finds no room in it', async () => {
    used = parseUsd('4.90')
    await notices.noteFull(APP, 'month')
    await notices.noteFull(APP, 'month')
    await notices.noteFull('https://other.example.test', 'month')

    expect(percents()).toEqual(['100'])
    expect(told[0]?.text).toContain('$4.90 of $5.00 this month.')
  })

  it('of nothing is no limit to be told of', async () => {
    fields = { ...fields, terms: terms({ budgets: [{ usd: '0.00', window: 'day' }] }) }
    await spends('0.00')

    expect(told).toEqual([])
  })

  it('stays with the person until they put it away, or its period is over', async () => {
    await spends('4.00')
    const [notice] = await notices.list(vault)
    expect(notice).toMatchObject({
      grantId: GRANT,
      origin: APP,
      about: { kind: 'budget', percent: '80', limitUsd: '5.00', window: 'month' },
    })

    await notices.dismiss(notice?.id ?? '')
    expect(await notices.list(vault)).toEqual([])
    await spends('4.00')
    expect(percents()).toEqual(['80'])

    await spends('5.00')
    clock.advance(30 * DAY_MS)
    expect(await notices.list(vault)).toEqual([])
  })

  it('waits while the vault is locked, and goes with the grant', async () => {
    isLocked = true
    await spends('4.00')
    expect(told).toEqual([])

    isLocked = false
    await spends('4.00')
    fields = { ...fields, status: 'revoked' }
    expect(await notices.list(vault)).toEqual([])
    expect(percents()).toEqual(['80'])
  })
})

describe('spending that is no habit of an app', () => {
  beforeEach(() => {
    spend = { today: parseUsd('1.00'), pastDays: [0.1, 0.1, 0.1, 0.1, 0.1].map((usd) => usd * 1e9) }
  })

  it('is told once a day, with what is usual', async () => {
    await notices.look(GRANT)
    clock.advance(120_000)
    await notices.look(GRANT)

    expect(told).toHaveLength(1)
    expect(told[0]?.title).toBe('app.example.test spends far more than usual')
    expect(told[0]?.text).toContain('$1.00 today, usually $0.10 a day.')
    clock.advance(DAY_MS)
    await worker().look(GRANT)
    expect(told).toHaveLength(2)
  })

  it('is none for an app that has no habit yet', async () => {
    spend = { ...spend, pastDays: spend.pastDays.slice(1) }
    await notices.look(GRANT)

    expect(told).toEqual([])
  })

  it('is looked for once a minute at most: that reads many days', async () => {
    spend = { today: 0, pastDays: spend.pastDays }
    await notices.look(GRANT)
    spend = { ...spend, today: parseUsd('9.00') }
    clock.advance(59_000)
    await notices.look(GRANT)
    expect(told).toEqual([])

    clock.advance(1_000)
    await notices.look(GRANT)
    expect(told).toHaveLength(1)
  })
})
