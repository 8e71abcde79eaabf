/** The words of the usage screen. */
import type { CallEnding, UsageGrouping, UsageRange } from '@valetkey/wallet/protocol'

const RANGES: Record<UsageRange, string> = {
  week: '7 days',
  days: '30 days',
  month: 'This month',
  year: '12 months',
}

const GROUPINGS: Record<UsageGrouping, string> = {
  app: 'App',
  provider: 'Provider',
  model: 'Model',
}

const ENDINGS: Record<CallEnding, string> = {
  done: 'done',
  aborted: 'stopped by the app',
  refused: 'refused by the provider',
  failed: 'failed on the way',
  lost: 'cut off',
  denied: 'not allowed',
}

/** By which rule a cost is estimated. */
const RULES: Readonly<Partial<Record<string, string>>> = {
  price: 'estimated: at the dearest price of this provider',
  floor: 'estimated: at least what ValetKey saw',
  bound: 'estimated: the most it could cost',
}

const calls = (count: number): string =>
  count === 1 ? '1 call' : `${count.toLocaleString('en-US')} calls`

export const USAGE_WORDS = {
  title: 'Usage',
  calls,
  range: 'Time',
  ranges: RANGES,
  by: 'By',
  groupings: GROUPINGS,
  unknownApp: 'an app no longer known',
  unknownModel: 'model not known',
  unknownKey: 'a key no longer there',
  other: 'all others',

  empty: {
    title: 'No calls yet',
    text: 'When a site uses your AI, every call and what it cost stands here. It stays on this computer.',
  },
  emptyRange: 'No calls in this time.',

  figures: {
    month: 'This month',
    ofAllowed: (limit: string) => `of ${limit} allowed`,
    noLimit: 'by all sites together',
    calls: 'Calls',
    failed: (count: number) =>
      count === 0 ? 'none failed' : `${count.toLocaleString('en-US')} failed or refused`,
    pace: 'At this pace',
    by: (date: string) => `by ${date}`,
    noPace: '–',
    noPaceHint: 'known after three days of use',
  },

  chart: {
    title: 'Spend over time',
    label: (range: string, total: string) =>
      `Spend over time, ${range}: ${total} in total. The columns follow one by one; a table comes after them.`,
    columns: 'Columns of the chart',
    days: 'Days begin at midnight UTC, as budgets do.',
    estimated: (amount: string) =>
      `${amount} of it is estimated: the provider did not say what those calls cost.`,
    time: 'Time',
    total: 'Total',
  },

  budgets: {
    title: 'Budgets',
    none: 'No site may spend anything now.',
    held: (amount: string) => `${amount} held for running calls`,
  },

  changes: {
    title: 'What changed this week',
    none: 'Nothing was used in the last 14 days.',
    more: (amount: string, before: string) => `${amount} in 7 days, up from ${before} before.`,
    less: (amount: string, before: string) => `${amount} in 7 days, down from ${before} before.`,
    same: (amount: string) => `${amount} in 7 days, the same as in the 7 before.`,
    first: (amount: string) => `${amount} in 7 days, and nothing in the 7 before.`,
    calls: (now: string, before: string) => `${now}, after ${before} in the 7 days before.`,
    riser: (app: string, amount: string, before: string) =>
      `${app} cost ${amount}, up from ${before}.`,
    riserNew: (app: string, amount: string) => `${app} cost ${amount}, after nothing.`,
    newApps: (names: string) => `Called for the first time: ${names}.`,
    newModels: (names: string) => `Used for the first time: ${names}.`,
  },

  table: {
    title: 'Calls',
    filters: 'Which calls',
    all: { app: 'All apps', provider: 'All providers', model: 'All models', ending: 'All endings' },
    labels: { app: 'App', provider: 'Provider', model: 'Model', ending: 'Ending' },
    when: 'When',
    app: 'App',
    model: 'Model',
    tokensIn: 'In',
    tokensOut: 'Out',
    cost: 'Cost',
    none: 'No call fits.',
    more: 'Load more',
    loading: 'Loading',
    count: (count: number) => `${calls(count)} shown`,
    notCounted: 'not counted',
    compatible: 'compatibility mode',
  },
  endings: ENDINGS,
  estimatedBy: (source: string): string => RULES[source] ?? 'estimated',

  export: {
    title: 'Take it with you',
    text: 'Every call that fits the choices above, with names of sites and keys. No key and no prompt is in it.',
    csv: 'Save as CSV',
    json: 'Save as JSON',
    busy: (count: number) => `Saving… ${calls(count)}`,
    done: (count: number) => `Saved ${calls(count)}.`,
    fileName: (day: string, format: string) => `valetkey-usage-${day}.${format}`,
  },

  keeping: {
    title: 'How long calls are kept',
    text: 'Single calls go when their time is over. The sums of each day stay.',
    label: 'Keep single calls',
    choices: { forever: 'for ever', year: '1 year', month: '30 days' },
    erase: 'Erase all usage',
    eraseText:
      'Takes every call and every sum off this computer. Budgets still know what is spent.',
    eraseQuestion: 'Erase all usage? This cannot be undone.',
    eraseYes: 'Erase it',
    eraseNo: 'Keep it',
    erased: 'All usage is erased.',
  },
} as const
