import type { BudgetWindow } from '@valetkey/wallet/protocol'

const PERIODS: Record<BudgetWindow, string> = {
  day: 'A day',
  week: 'A week',
  month: 'A month',
  total: 'In total',
}

/** The words of everything about a grant that can be adjusted, and of the question about one call. */
export const TERMS_WORDS = {
  ask: 'Ask me above',
  askName: 'When to ask',
  askAmount: 'Amount to ask above, in dollars',
  asks: { never: 'Never ask', above: 'a call', always: 'Every call' },
  otherModels: (provider: string) => `Other models of ${provider}`,
  otherModelsHint: 'Names as the provider writes them. * stands for any letters.',

  more: 'More limits',
  moreOf: (perMinute: string, parallel: string) => `${perMinute} a minute, ${parallel} at once`,
  periods: PERIODS,
  table: 'Limits by period',
  tableHint:
    'Leave a box empty for no limit. Providers count text in pieces of about four letters.',
  spendAbove: 'above',
  columns: { budgets: 'Dollars', requests: 'Calls', tokens: 'Text pieces' },
  cell: (column: string, window: BudgetWindow) => `${column}, ${PERIODS[window].toLowerCase()}`,
  perMinute: 'Calls a minute',
  parallel: 'Calls at once',
  maxOutputTokens: 'Longest answer, in pieces',
  endpoints: 'Only these addresses of the provider',

  needsAskAmount: 'Type from which amount it should ask, in dollars like 0.25.',
  needsShorterModel: 'A model name is too long. Check the names you typed.',
  needsEndpoint: 'Choose at least one address under “More limits”, or press Don’t allow.',
  wrong: {
    budgets: 'Under “More limits”: type dollars like 5.00, or leave the box empty.',
    requests: 'Under “More limits”: type calls as a whole number, or leave the box empty.',
    tokens: 'Under “More limits”: type text pieces as a whole number, or leave the box empty.',
    perMinute: 'Under “More limits”: type calls a minute as a whole number of 1 or more.',
    parallel: 'Under “More limits”: type calls at once as a whole number of 1 or more.',
    maxOutputTokens: 'Under “More limits”: type the longest answer as a whole number of 1 or more.',
  },

  callBound: (amount: string) => `This call costs ${amount} at most.`,
  callExpected: (amount: string) => `With an answer of usual length it is about ${amount}.`,
  callUnbound: 'ValetKey cannot tell what this call costs at most.',
  callScope: 'Your answer counts for this one call.',
  callWhy: {
    every_call: 'You wanted to be asked about every call of this site.',
    above: (amount: string) => `You wanted to be asked above ${amount} a call.`,
    unbounded: 'It has no limit of its own, so ValetKey asks each time.',
  },
  callOnce: 'Allow once',
  raise: 'Ask me less often',
  raiseTitle: 'From now on',
  raiseAmount: 'Ask me above',
  raiseKeep: 'Go back',
  raiseYes: (amount: string) => `Allow, and ask above ${amount}`,
  raiseTooLow: (amount: string) => `Type an amount of at least ${amount}, what this call may cost.`,
  raiseNow: {
    every_call: 'Now it asks before every call.',
    above: (amount: string) => `Now it asks above ${amount} a call.`,
  },
  raiseThen: (amount: string) =>
    `Then calls of up to ${amount} each are made without a question, within the spending limit.`,
} as const
