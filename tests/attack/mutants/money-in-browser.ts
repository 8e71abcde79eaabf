import type { Mutant } from './mutant.ts'

const EXCESS = 'tests/attack/excess.test.ts'
const KILLED = 'tests/e2e/lifetimes-killed.test.ts'

/** What a budget is worth in the browser, where calls come at once, stop midway and are made again. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C65',
    removes: 'what a dead worker left behind is charged',
    file: 'wallet/metering/ledger.ts',
    find: "const lost: CallOutcome = {\n  ending: 'lost',",
    replace: "const lost: CallOutcome = {\n  ending: 'denied',",
    test: { project: 'e2e', file: KILLED, title: 'C65: while it waits for the provider' },
  },
  {
    attack: 'C66',
    removes: 'what is held counts as spent',
    file: 'wallet/metering/period-use.ts',
    find: 'nanoUsd: used.nanoUsd + reservation.boundNanoUsd,',
    replace: 'nanoUsd: used.nanoUsd,',
    test: { project: 'attack', file: EXCESS, title: 'C66, C72: 200 calls at once' },
  },
  {
    attack: 'C72',
    removes: 'a call that was given up is charged',
    file: 'wallet/metering/charge.ts',
    find: "return ending === 'denied' || (",
    replace: "return ending === 'denied' || ending === 'aborted' || (",
    test: { project: 'attack', file: EXCESS, title: 'C66, C72: 200 calls at once' },
  },
  {
    attack: 'C73',
    removes: 'each send is a request of its own',
    file: 'wallet/proxy/run-call.ts',
    find: '    nextId = null\n',
    replace: '',
    test: {
      project: 'e2e',
      file: 'tests/e2e/failover.test.ts',
      title: 'a site that may use two keys of a provider (C73)',
    },
  },
  {
    attack: 'C76',
    removes: 'each backslash of a text is looked at once',
    file: 'wallet/proxy/event-words.ts',
    find: 'end += bytes[end] === BACKSLASH ? 2 : 1',
    replace: 'end += bytes.slice(start, end + 1).at(-1) === BACKSLASH ? 2 : 1',
    test: {
      project: 'attack',
      file: 'tests/attack/hostile-provider.test.ts',
      title: 'C76: an answer made to burn',
    },
  },
]
