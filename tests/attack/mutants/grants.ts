import type { Mutant } from './mutant.ts'

const EVALUATE = 'wallet/grants/evaluate.ts'
const TEST = 'wallet/grants/evaluate.test.ts'

/** What a grant says to a call, and which keys a person may store at all. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C38',
    removes: 'what a body needs beyond its endpoint must be granted',
    file: EVALUATE,
    find: 'return needs.find((need) => !granted.includes(need)) ?? null',
    replace: 'return null',
    test: { project: 'unit', file: TEST, title: 'what the body needs beyond it (C38, C43)' },
  },
  {
    attack: 'C43',
    removes: 'what a body needs beyond its endpoint must be granted',
    file: EVALUATE,
    find: 'return needs.find((need) => !granted.includes(need)) ?? null',
    replace: 'return null',
    test: { project: 'unit', file: TEST, title: 'what the body needs beyond it (C38, C43)' },
  },
  {
    attack: 'C40',
    removes: 'a model is compared letter by letter',
    file: EVALUATE,
    find: 'matchesPattern(pattern, model)',
    replace: 'matchesPattern(pattern.toLowerCase(), model.toLowerCase())',
    test: { project: 'unit', file: TEST, title: 'models (C40)' },
  },
  {
    attack: 'C40',
    removes: 'a call without a model is refused where models are listed',
    file: EVALUATE,
    find: 'if (model === null) return isFree(endpoint) && granted.models.length > 0',
    replace: 'if (model === null) return true',
    test: { project: 'unit', file: TEST, title: 'models (C40)' },
  },
  {
    attack: 'C44',
    removes: 'the person is asked about a call nothing bounds',
    file: EVALUATE,
    find: "if (facts.unbounded) return ask('unbounded', keyIds)",
    replace: '',
    test: { project: 'unit', file: TEST, title: 'asks about a call that nothing bounds (C44)' },
  },
  {
    attack: 'C75',
    removes: 'an expired grant is over',
    file: EVALUATE,
    find: "return { outcome: 'deny', code: 'grant.expired', term: 'expiresAt' }",
    replace: 'return null',
    test: { project: 'unit', file: TEST, title: '(C68, C75)' },
  },
  {
    attack: 'C68',
    removes: 'a grant ends at its time, not after it',
    file: 'wallet/grants/grant-state.ts',
    find: 'now < grant.terms.expiresAt',
    replace: 'now <= grant.terms.expiresAt',
    test: { project: 'unit', file: TEST, title: '(C68, C75)' },
  },
  {
    attack: 'C74',
    removes: 'a grant is judged once more after the person was asked',
    file: 'wallet/proxy/run-call.ts',
    find: 'return judgeAgain(judged, site, ports)',
    replace: 'return judged',
    test: {
      project: 'unit',
      file: 'wallet/proxy/run-call.test.ts',
      title: 'while the person was asked (C74)',
    },
  },
  {
    attack: 'C39',
    removes: 'an administrator’s key is never stored',
    file: 'wallet/providers/openai/keys.ts',
    find: "kind: 'admin',\n    pattern: boundedPattern(`sk-admin-${MARKED}`),\n    scope: 'anywhere',\n    storable: false",
    replace:
      "kind: 'admin',\n    pattern: boundedPattern(`sk-admin-${MARKED}`),\n    scope: 'anywhere',\n    storable: true",
    test: {
      project: 'unit',
      file: 'wallet/providers/recognise-key.test.ts',
      title: 'and refuses to store it (C39)',
    },
  },
  {
    attack: 'C39',
    removes: 'a pasted administrator’s key is refused',
    file: 'extension/ui/pasted-key.ts',
    find: "if (recognised?.storable === false) return refuse('admin')",
    replace: '',
    test: {
      project: 'unit',
      file: 'extension/ui/pasted-key.test.ts',
      title: 'an admin key (C39)',
    },
  },
]
