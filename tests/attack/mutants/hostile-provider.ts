import type { Mutant } from './mutant.ts'

const FILE = 'tests/attack/hostile-provider.test.ts'

/** What a provider may send back: redirects, the key itself, headers that act on a page. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C28',
    removes: 'a redirect is not followed',
    file: 'wallet/proxy/forward.ts',
    find: "redirect: 'manual'",
    replace: "redirect: 'follow'",
    test: { project: 'attack', file: FILE, title: 'C28: no redirect is followed' },
  },
]
