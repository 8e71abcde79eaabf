import type { Mutant } from './mutant.ts'

const CLOCK = 'wallet/metering/ledger-clock.test.ts'
const PARTS = 'wallet/metering/limit-parts.test.ts'
const NEXT = 'wallet/sync/next-part.test.ts'
const LIMITS = 'tests/integration/sync/limits.test.ts'
const ALLOCATE = 'wallet/sync/allocate.fuzz.test.ts'
const SCHEDULES = 'wallet/proxy/billing.fuzz.test.ts'
const OWN = 'wallet/proxy/own-price.test.ts'
const AT_ONCE = 'tests/integration/concurrent-calls.test.ts'

/** Budgets over the calendar, over several wallets, and over any schedule of calls. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C66',
    removes: 'a call fits only with its bound',
    file: 'wallet/metering/period-use.ts',
    find: 'used.nanoUsd + reservation.boundNanoUsd <= (limit.limitNanoUsd ?? Infinity)',
    replace: 'used.nanoUsd < (limit.limitNanoUsd ?? Infinity)',
    test: { project: 'integration', file: AT_ONCE, title: 'sends exactly three' },
  },
  {
    attack: 'C67',
    removes: 'each wallet has a part of a limit',
    file: 'wallet/metering/hold-call.ts',
    find: 'Math.min(whole, part(limitName(unit, window), whole))',
    replace: 'whole + 0 * part(limitName(unit, window), whole)',
    test: { project: 'unit', file: PARTS, title: 'spend a budget once between them' },
  },
  {
    attack: 'C67',
    removes: 'a part that grows counts once it was accepted',
    file: 'wallet/sync/allocate.ts',
    find: 'next === null ? null : Math.min(held, next)',
    replace: 'next',
    test: { project: 'unit', file: ALLOCATE, title: 'counts once the server has it' },
  },
  {
    attack: 'C67',
    removes: 'a part that shrinks is kept to before it is counted what is left of it',
    file: 'wallet/sync/allocate.ts',
    find: 'await limits.lower(inForce(proposed))',
    replace: '',
    test: { project: 'unit', file: ALLOCATE, title: 'is out of reach for a call' },
  },
  {
    attack: 'C67',
    removes: 'what is spent is not given away',
    file: 'wallet/sync/next-part.ts',
    find: 'Math.max(0, held - Math.max(used, fair))',
    replace: 'Math.max(0, held - fair)',
    test: { project: 'unit', file: NEXT, title: 'keeps what is used' },
  },
  {
    attack: 'C67',
    removes: 'what is spent is not given to who asks for it',
    file: 'wallet/sync/next-part.ts',
    find: 'Math.max(0, held - used - toNew)',
    replace: 'Math.max(0, held - toNew)',
    test: { project: 'unit', file: NEXT, title: 'keeps what is used' },
  },
  {
    attack: 'C67',
    removes: 'nobody takes what the maker of a grant has not shared out',
    file: 'wallet/sync/allocate.ts',
    find: 'others.includes(grant.maker) && partOf(grant.maker) === null',
    replace: 'false',
    test: { project: 'integration', file: LIMITS, title: 'nothing is spent twice' },
  },
  {
    attack: 'C67',
    removes: 'the rest of a division goes to some, not to all',
    file: 'wallet/sync/next-part.ts',
    find: 'position < rest ? 1 : 0',
    replace: 'rest > 0 ? 1 : 0',
    test: { project: 'unit', file: ALLOCATE, title: 'are together the limit' },
  },
  {
    attack: 'C67',
    removes: 'a socket is held to its device’s part as well',
    file: 'wallet/proxy/live-socket.ts',
    find: 'if (others + spent <= own) continue',
    replace: 'if (others + spent <= whole) continue',
    test: {
      project: 'unit',
      file: 'wallet/proxy/live-socket.test.ts',
      title: 'C67',
    },
  },
  {
    attack: 'C68',
    removes: 'a week belongs to the year of its Thursday',
    file: 'wallet/metering/budget-window.ts',
    find: 'const year = thursday.getUTCFullYear()',
    replace: 'const year = date.getUTCFullYear()',
    test: { project: 'unit', file: CLOCK, title: 'goes on from' },
  },
  {
    attack: 'C68',
    removes: 'a day is one of UTC',
    file: 'wallet/metering/budget-window.ts',
    find: "const [day] = date.toISOString().split('T')",
    replace: "const [day] = [date.toLocaleDateString('sv')]",
    test: { project: 'unit', file: CLOCK, title: 'when its clocks are put forward or back' },
  },
  {
    attack: 'C69',
    removes: 'a report that may still be raised is not the last one',
    file: 'wallet/metering/charge.ts',
    find: 'outcome.usageFinal ? saneUsage(outcome.usage) : null',
    replace: 'saneUsage(outcome.usage)',
    test: { project: 'unit', file: SCHEDULES, title: 'what is billed ≤ what is spent and held' },
  },
  {
    attack: 'C71',
    removes: 'what was seen is the least a call costs',
    file: 'wallet/metering/charge.ts',
    find: 'const floor = outcome.localFloor ?? 0',
    replace: 'const floor = 0',
    test: { project: 'unit', file: SCHEDULES, title: 'what is billed ≤ what is spent and held' },
  },
  {
    attack: 'C70',
    removes: 'a cost at a price that is not known is said to be an estimate',
    file: 'wallet/metering/charge.ts',
    find: "return isKnown ? 'usage' : 'price'",
    replace: "return isKnown ? 'usage' : 'usage'",
    test: {
      project: 'unit',
      file: 'wallet/metering/charge.test.ts',
      title: 'says that the price is not known (C70)',
    },
  },
  {
    attack: 'C70',
    removes: 'a call is held with the price of its key',
    file: 'wallet/metering/bound.ts',
    find: 'input.price ? { ...listed, ...ownFacts(input.price) } : listed',
    replace: 'listed',
    test: { project: 'unit', file: OWN, title: 'is held and charged by the price' },
  },
  {
    attack: 'C70',
    removes: 'a call is charged with the price it was held with',
    file: 'wallet/metering/charge.ts',
    find: 'if (price) {',
    replace: 'if (price && price.input < 0) {',
    test: { project: 'unit', file: OWN, title: 'is held and charged by the price' },
  },
  {
    attack: 'C70',
    removes: 'what is sold by a piece nobody counted is not free',
    file: 'wallet/metering/bound.ts',
    find: 'const count = facts.unbounded ? null : counts[per]',
    replace: 'const count = counts[per] ?? 0',
    test: {
      project: 'unit',
      file: 'wallet/metering/bound.test.ts',
      title: 'nothing tells how many',
    },
  },
  {
    attack: 'C70',
    removes: 'what a free model does for a fee is not free',
    file: 'wallet/metering/bound.ts',
    find: "if (endpoint.capability !== 'chat' || facts.unbounded || facts.input.files > 0) return false",
    replace: '',
    test: {
      project: 'unit',
      file: 'wallet/metering/bound.test.ts',
      title: 'costs something with',
    },
  },
  {
    attack: 'C65',
    removes: 'a reservation carries its price over the death of a worker',
    file: 'wallet/metering/hold-call.ts',
    find: '...(input.price ? { price: input.price } : {}),',
    replace: '',
    test: { project: 'unit', file: OWN, title: 'is held and charged by the price' },
  },
]
