/**
 * What the person should know of an app without having asked: a limit that is nearly or wholly used, and
 * spending that is not its habit. Each is told once; what was told outlives worker and browser.
 */
import {
  budgetWindowSchema,
  createTurns,
  grantIdSchema,
  parseUsd,
  type AppNotice,
  type BudgetWindow,
  type Clock,
  type GrantId,
  type NanoUsd,
  type StoredValue,
  type Terms,
} from '@valetkey/wallet/protocol'
import { periodOf, unusualSpend, type Ledger } from '@valetkey/wallet/metering'
import type { OpenVault } from '@valetkey/wallet/vault'
import * as z from 'zod/mini'
import { originOfGrant, standing, type GrantRecord } from './grants-of-sites.ts'
import { wordsOf } from './notice-words.ts'

const openNoticeSchema = z.strictObject({
  id: z.string(),
  grantId: grantIdSchema,
  about: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('budget'),
      window: budgetWindowSchema,
      period: z.string(),
      percent: z.enum(['80', '100']),
    }),
    z.strictObject({
      kind: z.literal('unusual'),
      period: z.string(),
      todayNanoUsd: z.int(),
      usualNanoUsd: z.int(),
    }),
  ]),
})
type OpenNotice = z.infer<typeof openNoticeSchema>

/** What outlives the worker. */
export const noticeStateSchema = z.strictObject({
  /** What was told, newest last. */
  told: z.array(z.string()),
  /** What the person has not put away. */
  open: z.array(openNoticeSchema),
})
export type NoticeState = z.infer<typeof noticeStateSchema>
export const NO_NOTICES: NoticeState = { told: [], open: [] }

/** So many are remembered: those of periods long over can go. */
const TOLD_KEPT = 1_000
const SHARES = [
  { percent: '100', share: 1 },
  { percent: '80', share: 0.8 },
] as const

const HABIT_PAUSE_MS = 60_000

/** What an app spent: today, and on each of the days before, nano-USD. */
export interface DailySpend {
  readonly today: NanoUsd
  readonly pastDays: readonly NanoUsd[]
}

interface NoticePorts {
  readonly clock: Clock
  readonly memory: StoredValue<NoticeState>
  readonly ledger: Pick<Ledger, 'used'>
  readonly dailySpend: (grantId: GrantId) => Promise<DailySpend>
  /** The open vault, null while it is locked. */
  readonly openVault: () => Promise<OpenVault | null>
  /** Tells the person: on the icon, and by the browser where they allowed that. */
  readonly tell: (notice: { readonly id: string; readonly title: string; text: string }) => void
}

export class AppNotices {
  readonly #ports: NoticePorts
  /** One after the other: two calls that end together must not both be told. */
  readonly #alone = createTurns()
  /** When the habit of a grant was looked at last, Unix ms: it takes reading fifteen days. */
  readonly #habitsSeen = new Map<GrantId, number>()

  constructor(ports: NoticePorts) {
    this.#ports = ports
  }

  /** A call of this grant was charged. */
  look(grantId: GrantId): Promise<void> {
    return this.#alone(async () => {
      const record = await this.#find(({ id }) => id === grantId)
      if (!record) return
      await this.#lookAtBudgets(record)
      await this.#lookAtHabit(record)
    })
  }

  /** A call of this site found no room in a budget: it is used up for what the app wants. */
  noteFull(origin: string, window: string): Promise<void> {
    return this.#alone(async () => {
      const record = await this.#find(({ fields }) => originOfGrant(fields) === origin)
      const budget = record?.fields.terms.budgets.find((each) => each.window === window)
      if (record && budget) await this.#tellShare(record, budget, '100')
    })
  }

  /** What the person has not put away, of grants that stand and periods that run. */
  async list(vault: OpenVault): Promise<AppNotice[]> {
    const { records } = await vault.listRecords('grant')
    const grants = standing(records)
    const { open } = await this.#ports.memory.read()
    const notices: AppNotice[] = []
    for (const notice of open.filter((each) => this.#isOfNow(each))) {
      const record = grants.find(({ id }) => id === notice.grantId)
      const described = record && (await this.#describe(notice, record))
      if (described) notices.push(described)
    }
    return notices
  }

  /** The person has read it. */
  dismiss(id: string): Promise<void> {
    return this.#alone(() =>
      this.#change(({ told, open }) => ({ told, open: open.filter((each) => each.id !== id) })),
    )
  }

  async #lookAtBudgets(record: GrantRecord): Promise<void> {
    const { budgets } = record.fields.terms
    const used = await this.#ports.ledger.used(record.id, budgets)
    for (const [index, budget] of budgets.entries()) {
      const limit = parseUsd(budget.usd)
      const reached = SHARES.find(({ share }) => limit > 0 && (used[index] ?? 0) >= share * limit)
      if (reached) await this.#tellShare(record, budget, reached.percent)
    }
  }

  async #tellShare(
    record: GrantRecord,
    { usd, window }: Terms['budgets'][number],
    percent: '80' | '100',
  ): Promise<void> {
    const period = this.#period(window)
    // With the limit in its name: one that was raised is told of anew.
    const name = (share: string) => `${record.id} ${period} ${usd} ${share}`
    const covers = percent === '100' ? [name('80'), name('100')] : [name('80')]
    const about = { kind: 'budget', window, period, percent } as const
    await this.#tell({ id: name(percent), grantId: record.id, about }, { record, covers })
  }

  async #lookAtHabit(record: GrantRecord): Promise<void> {
    const now = this.#ports.clock()
    if (Math.abs(now - (this.#habitsSeen.get(record.id) ?? 0)) < HABIT_PAUSE_MS) return
    this.#habitsSeen.set(record.id, now)
    const id = `${record.id} ${this.#period('day')} unusual`
    if ((await this.#ports.memory.read()).told.includes(id)) return
    const { today, pastDays } = await this.#ports.dailySpend(record.id)
    const usualNanoUsd = unusualSpend(today, pastDays)
    if (usualNanoUsd === null) return
    const period = this.#period('day')
    const about = { kind: 'unusual', period, todayNanoUsd: today, usualNanoUsd } as const
    await this.#tell({ id, grantId: record.id, about }, { record, covers: [id] })
  }

  /** @param covers what need not be told any more once this is */
  async #tell(
    notice: OpenNotice,
    { record, covers }: { readonly record: GrantRecord; readonly covers: readonly string[] },
  ): Promise<void> {
    const { told } = await this.#ports.memory.read()
    if (told.includes(notice.id)) return
    // Kept before it is told: a worker that dies between the two is silent once, not loud for ever.
    await this.#change(({ told, open }) => ({
      told: [...told, ...covers].slice(-TOLD_KEPT),
      open: [...open.filter((each) => !covers.includes(each.id) && this.#isOfNow(each)), notice],
    }))
    const described = await this.#describe(notice, record)
    if (described) this.#ports.tell({ id: notice.id, ...wordsOf(described) })
  }

  async #describe(notice: OpenNotice, record: GrantRecord): Promise<AppNotice | null> {
    const { id, grantId, about } = notice
    const origin = originOfGrant(record.fields)
    if (origin === null) return null
    if (about.kind === 'unusual') {
      const { kind, todayNanoUsd, usualNanoUsd } = about
      return { id, grantId, origin, about: { kind, todayNanoUsd, usualNanoUsd } }
    }
    const { window, percent } = about
    const budget = record.fields.terms.budgets.find((each) => each.window === window)
    if (!budget) return null
    const [usedNanoUsd = 0] = await this.#ports.ledger.used(grantId, [budget])
    const limitUsd = budget.usd
    return {
      id,
      grantId,
      origin,
      about: { kind: 'budget', percent, usedNanoUsd, limitUsd, window },
    }
  }

  #isOfNow({ about }: OpenNotice): boolean {
    return about.period === this.#period(about.kind === 'budget' ? about.window : 'day')
  }

  #period(window: BudgetWindow): string {
    return periodOf(window, this.#ports.clock())
  }

  async #find(fits: (record: GrantRecord) => boolean): Promise<GrantRecord | null> {
    const vault = await this.#ports.openVault()
    if (!vault) return null
    const { records } = await vault.listRecords('grant')
    return standing(records).find(fits) ?? null
  }

  async #change(change: (state: NoticeState) => NoticeState): Promise<void> {
    const { memory } = this.#ports
    await memory.write(change(await memory.read()))
  }
}
