import type { Mutant } from './mutant.ts'

const KEYS = { project: 'unit', file: 'wallet/capture/find-keys.test.ts' } as const
const HOSTS = { project: 'unit', file: 'wallet/capture/lookalike.test.ts' } as const

/** Keys found in text, and the pages they are looked for on. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C39',
    removes: 'what was found says that it must not be stored',
    file: 'wallet/capture/find-keys.ts',
    find: 'storable: form.storable, ...span',
    replace: 'storable: true, ...span',
    test: { ...KEYS, title: 'C39: recognises' },
  },
  {
    attack: 'C60',
    removes: 'the number of keys a text is searched for',
    file: 'wallet/capture/find-keys.ts',
    find: 'return fitting < MOST_FITTING',
    replace: 'return true',
    test: { ...KEYS, title: 'C60: is not spent on more keys' },
  },
  {
    attack: 'C56',
    removes: 'a dashboard is one exact origin',
    file: 'wallet/capture/dashboards.ts',
    find: 'return DASHBOARDS_BY_ORIGIN.get(origin) ?? null',
    replace: "return DASHBOARDS_BY_ORIGIN.get(origin.replace(/\\.$|:\\d+$/, '')) ?? null",
    test: { ...HOSTS, title: 'C56: are exact origins' },
  },
  {
    attack: 'C56',
    removes: 'letters that are drawn alike count as one',
    file: 'wallet/capture/lookalike.ts',
    find: "  if (isAlike(compared)) return 'letters'\n",
    replace: '',
    test: { ...HOSTS, title: 'is seen through letters of other scripts' },
  },
]
