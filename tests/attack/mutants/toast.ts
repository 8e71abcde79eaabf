import type { Edit, Mutant } from './mutant.ts'

const GUARD = 'extension/capture/toast-guard.ts'
const TRICKS = 'tests/attack/page-tricks.test.ts'
const DASHBOARDS = 'tests/attack/dashboards.test.ts'

/** What the browser says of what is visible: the first wall of every trick. */
const SEEN = {
  file: GUARD,
  find: 'return this.#targets().every((target) => this.#visible.get(target) === true)',
  replace: 'return true',
} as const satisfies Edit
/** Size, place and top layer, and what lies over the button: the second. */
const WHOLE: Edit = {
  file: GUARD,
  find: '    if (!this.#isWhole(this.#place) || !this.#isOnTop()) return false\n',
  replace: '',
}

/** A toast on a page that was taken over, and what follows a press on it; each in a browser. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C52',
    removes: 'a press counts only where nothing lies over the button',
    ...SEEN,
    edits: [WHOLE],
    test: { project: 'attack', file: TRICKS, title: 'C52: gets no press' },
  },
  {
    attack: 'C54',
    removes: 'a toast takes no press at once',
    file: GUARD,
    find: 'const ARM_MS = 600',
    replace: 'const ARM_MS = 0',
    test: { project: 'attack', file: TRICKS, title: 'C54: a toast that comes under the pointer' },
  },
  {
    attack: 'C56',
    removes: 'a dashboard is its exact origin',
    file: 'extension/capture/start.ts',
    find: 'const dashboard = dashboardAt(location.origin)',
    replace: 'const dashboard = dashboardAt(`https://${location.hostname}`)',
    edits: [
      {
        file: 'extension/entrypoints/capture.content.ts',
        find: '  includeGlobs: DASHBOARDS,\n',
        replace: '',
      },
    ],
    test: { project: 'attack', file: DASHBOARDS, title: 'C56: nor does the host with a dot' },
  },
  {
    attack: 'C57',
    removes: 'the window is told both ends of a key, and no more',
    file: 'extension/background/handlers/capture.get.ts',
    find: 'maskedKey: maskKey(candidate.key)',
    replace: 'maskedKey: candidate.key',
    test: { project: 'attack', file: DASHBOARDS, title: 'C57: a key somebody else wrote' },
  },
  {
    attack: 'C58',
    removes: 'a key the vault has is told to be there already',
    file: 'extension/background/handlers/capture.get.ts',
    find: 'duplicate: await findDuplicate(vault, key, wallet)',
    replace: 'duplicate: null',
    test: { project: 'attack', file: DASHBOARDS, title: 'C58: beside a key of the same provider' },
  },
  {
    attack: 'C59',
    removes: 'a key the page copied is labelled so',
    file: 'extension/capture/start.ts',
    find: "element: focusedElement(), via: 'copy' })",
    replace: "element: focusedElement(), via: 'page' })",
    test: { project: 'attack', file: DASHBOARDS, title: 'C59: what a page copies is labelled so' },
  },
  {
    attack: 'C60',
    removes: 'one toast at a time, whatever the page shows',
    file: 'extension/capture/offers.ts',
    find: 'this.#toast ??= new Toast({',
    replace: 'this.#toast = new Toast({',
    edits: [
      {
        file: 'extension/capture/offers.ts',
        find: '    if (this.#current && !this.#replaces(offer, this.#current)) return\n',
        replace: '',
      },
    ],
    test: { project: 'attack', file: DASHBOARDS, title: 'C60: ten thousand keys' },
  },
]
