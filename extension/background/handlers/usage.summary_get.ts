import {
  dayAfter,
  dayOf,
  dayStart,
  monthOutlook,
  outlookFrom,
  rangeDays,
  usageSeries,
  type AppOf,
  type UsageDay,
} from '@valetkey/wallet/metering'
import type { UsageBudget, UsageSummary } from '@valetkey/wallet/protocol'
import { liveGrants, type GrantRecord } from '../grants-of-sites.ts'
import { appsOf } from '../usage-names.ts'
import type { UiHandler, Wallet } from '../wallet.ts'

export const usageSummaryGet: UiHandler<'usage.summary_get'> = async (asked, wallet) => {
  const vault = await wallet.session.required()
  const nowMs = wallet.clock()
  const range = rangeDays(asked.range, nowMs)
  const first = [range.from, outlookFrom(nowMs)].sort()[0] ?? range.from
  const [all, { records }, newest] = await Promise.all([
    wallet.ledger.days(first, dayOf(nowMs)),
    vault.listRecords('grant'),
    wallet.ledger.usage(1),
  ])
  const appOf = appsOf(records)
  const { grantIds } = asked
  const sums = grantIds ? all.filter(({ grantId }) => grantIds.includes(grantId)) : all
  return {
    series: usageSeries(sums, range, { by: asked.by, appOf }),
    month: monthOutlook(sums, nowMs),
    unused: all.length + newest.length === 0,
    budgets: await budgetsOf(records, wallet),
    choices: choicesOf(
      sums.filter(({ day }) => day >= range.from),
      appOf,
    ),
    from: dayStart(range.from),
    to: dayStart(dayAfter(range.to)),
  }
}

async function budgetsOf(
  records: readonly GrantRecord[],
  { ledger }: Wallet,
): Promise<UsageBudget[]> {
  const live = liveGrants(records).flatMap(({ id, subject, status, terms }) => {
    if (!('origin' in subject) || (status !== 'active' && status !== 'paused')) return []
    return [{ id, app: new URL(subject.origin).host, budgets: terms.budgets }]
  })
  const uses = await ledger.budgetUses(live)
  return live.map(({ id, app, budgets }, at) => ({
    grantId: id,
    app,
    budgets: budgets.map(({ usd, window }, index) => ({
      ...{ usd, window },
      usedNanoUsd: uses[at]?.[index]?.usedNanoUsd ?? 0,
      heldNanoUsd: uses[at]?.[index]?.heldNanoUsd ?? 0,
    })),
  }))
}

/** What the sums hold, so that no choice leads to nothing. */
function choicesOf(sums: readonly UsageDay[], appOf: AppOf): UsageSummary['choices'] {
  const apps = Map.groupBy(new Set(sums.map(({ grantId }) => grantId)), appOf)
  const models = new Set(sums.map(({ model }) => model).filter((model) => model !== ''))
  return {
    apps: [...apps]
      .map(([name, grantIds]) => ({ name, grantIds }))
      .sort((a, b) => (a.name ?? '~').localeCompare(b.name ?? '~')),
    providers: [...new Set(sums.map(({ provider }) => provider))].sort(),
    models: [...models].sort(),
  }
}
