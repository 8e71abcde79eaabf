import type { Mutant } from './mutant.ts'

const SENDER = 'extension/background/sender.test.ts'
const READ = 'extension/background/read-candidate.test.ts'
const CAPTURE = 'extension/background/handlers/capture.test.ts'
const REVOKED = 'extension/background/revoked-keys.test.ts'

/** A key on its way from a dashboard into the vault. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C56',
    removes: 'a proposal comes from the tab’s own document, in no frame',
    file: 'extension/background/sender.ts',
    find: ' || sender.frameId !== 0) return null',
    replace: ') return null',
    test: { project: 'unit', file: SENDER, title: 'a frame of it' },
  },
  {
    attack: 'C56',
    removes: 'the tab is still at the dashboard a proposal comes from',
    file: 'extension/background/sender.ts',
    find: 'origin === undefined || originOf(tab.url) !== origin',
    replace: 'origin === undefined',
    test: { project: 'unit', file: SENDER, title: 'a tab that is elsewhere by now' },
  },
  {
    attack: 'C39',
    removes: 'an administrator’s key that a dashboard proposes is refused',
    file: 'extension/background/read-candidate.ts',
    find: '!found.storable || found.provider !== provider',
    replace: 'found.provider !== provider',
    edits: [
      {
        file: 'extension/background/read-candidate.ts',
        find: 'isValetKey(text) || recogniseKey(text, provider)?.storable === false',
        replace: 'isValetKey(text)',
      },
    ],
    test: { project: 'unit', file: READ, title: 'an admin key (C39)' },
  },
  {
    attack: 'C39',
    removes: 'an administrator’s key in a selection is refused',
    file: 'extension/background/read-candidate.ts',
    find: "if (!first.storable || provider === 'github-models') return 'admin'",
    replace: "if (provider === 'github-models') return 'admin'",
    edits: [
      {
        file: 'extension/background/read-candidate.ts',
        find: "if (recogniseKey(key, named)?.storable === false) return 'admin'",
        replace: '',
      },
    ],
    test: { project: 'unit', file: READ, title: 'administers an account (C39)' },
  },
  {
    attack: 'C55',
    removes: 'one key of a tab waits at a time',
    file: 'extension/background/captures.ts',
    find: 'same ?? ofTab ?? (waiting.length',
    replace: 'same ?? (waiting.length',
    edits: [
      {
        file: 'extension/background/captures.ts',
        find: '      const ofTab = waiting.find(({ tabId }) => tabId !== null && tabId === picked.tabId)\n',
        replace: '',
      },
    ],
    test: { project: 'unit', file: CAPTURE, title: 'while the tab’s first waits' },
  },
  {
    attack: 'C55',
    removes: 'few keys wait in all',
    file: 'extension/background/captures.ts',
    find: 'waiting.length >= MOST_WAITING',
    replace: 'waiting.length >= MOST_WAITING * 10',
    test: { project: 'unit', file: CAPTURE, title: 'and few of them wait (C55)' },
  },
  {
    attack: 'C58',
    removes: 'a key the vault has is not stored a second time',
    file: 'extension/background/kept-candidate.ts',
    find: 'placeProvider(facts, null) === null || (await findDuplicate(vault, secret, wallet))',
    replace: 'placeProvider(facts, null) === null',
    test: { project: 'unit', file: CAPTURE, title: 'stores no second one' },
  },
  {
    attack: 'C58',
    removes: 'a site is given a new key only where the window offered it',
    file: 'extension/background/kept-candidate.ts',
    find: '  await assertTakeKey(vault, wishes.grantIds, provider)\n',
    replace: '',
    test: { project: 'unit', file: CAPTURE, title: 'takes none it did not offer' },
  },
  {
    attack: 'C59',
    removes: 'what the page copied is stored only after it was seen to work',
    file: 'extension/background/kept-candidate.ts',
    find: "candidate.via === 'copy' && test?.outcome !== 'works'",
    replace: 'false',
    test: { project: 'unit', file: CAPTURE, title: 'seen to work (C59)' },
  },
  {
    attack: 'C57',
    removes: 'a page that lists a key as revoked marks nothing itself',
    file: 'extension/background/revoked-keys.ts',
    find: 'lastTest: { at: this.#ports.clock(), outcome }',
    replace: "lastTest: { at: this.#ports.clock(), outcome: 'refused' as const }",
    test: { project: 'unit', file: REVOKED, title: 'are not marked by what the page says' },
  },
  {
    attack: 'C57',
    removes: 'a page has a stored key tried once in ten minutes',
    file: 'extension/background/revoked-keys.ts',
    find: '!recent.has(keyId)',
    replace: 'keyId !== null',
    test: { project: 'unit', file: REVOKED, title: 'once in ten minutes' },
  },
]
