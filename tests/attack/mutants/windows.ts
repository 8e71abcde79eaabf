import type { Mutant } from './mutant.ts'

const SCREENS = 'tests/e2e/screens.test.ts'
const PAGES = 'tests/e2e/lifetimes-page.test.ts'
const ANSWERS = 'extension/ui/components/consent-answers.tsx'
const ARMED = 'extension/ui/hooks/use-armed.ts'
const BRIDGE = 'extension/bridge/start.ts'

/** Answers that nobody gave, and pages that are no longer shown. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C53',
    removes: 'a click made by a script is no answer',
    file: ANSWERS,
    find: 'if (event.nativeEvent.isTrusted) act()',
    replace: 'if (event.nativeEvent) act()',
    test: { project: 'e2e', file: SCREENS, title: 'nor a scripted click (C53)' },
  },
  {
    attack: 'C54',
    removes: 'a window without the focus takes no answer',
    file: ANSWERS,
    find: 'const blocked = !armed || busy',
    replace: 'const blocked = busy',
    test: { project: 'e2e', file: SCREENS, title: 'for 600 ms (C54)' },
  },
  {
    attack: 'C54',
    removes: 'a window that gets the focus takes no answer for a while',
    file: ARMED,
    find: '}, CONSENT_ARMING_MS)',
    replace: '}, 0)',
    test: { project: 'e2e', file: SCREENS, title: 'for 600 ms (C54)' },
  },
  {
    attack: 'C13',
    removes: 'a page that is kept for the way back is told that its call ended',
    file: BRIDGE,
    find: "window.addEventListener('pagehide', close)",
    replace: '',
    edits: [{ file: BRIDGE, find: "document.addEventListener('freeze', close)", replace: '' }],
    test: { project: 'e2e', file: PAGES, title: 'C13: kept for the way back' },
  },
  {
    attack: 'C14',
    removes: 'a port that ends takes its calls with it',
    file: 'extension/background/page-ports.ts',
    find: '(interception §4).\n      this.#drop(open)',
    replace: '(interception §4).',
    edits: [
      {
        file: BRIDGE,
        find: "window.addEventListener('pagehide', close)",
        replace: '',
      },
    ],
    test: { project: 'e2e', file: PAGES, title: 'C14: navigated elsewhere' },
  },
]
