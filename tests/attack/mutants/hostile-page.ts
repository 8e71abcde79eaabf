import type { Mutant } from './mutant.ts'

const FILE = 'tests/attack/hostile-page.test.ts'

/** What a page may do to the scripts in it, and what it may forbid them. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C49',
    removes: 'a bridge injected twice is one bridge',
    file: 'extension/bridge/start.ts',
    find: 'if (MARK in globalThis || ',
    replace: 'if (',
    // A port has one `onmessage`, so that two bridges that took it would still carry each message once.
    edits: [
      {
        file: 'extension/bridge/bridge-to.ts',
        find: 'page.onmessage = (event: MessageEvent<PageMessage>) => {\n    bridge.receive(event.data)\n  }',
        replace:
          "page.addEventListener('message', (event) => bridge.receive(event.data))\n  page.start()",
      },
    ],
    test: { project: 'attack', file: FILE, title: 'C49: scripts injected again' },
  },
  {
    attack: 'C49',
    removes: 'a page may take the shim out',
    file: 'extension/shim/natives.ts',
    find: 'defineProperty(holder, name, { ...descriptor, [part]: member })',
    replace: 'defineProperty(holder, name, { ...descriptor, [part]: member, configurable: false })',
    test: { project: 'attack', file: FILE, title: 'C49: a page that puts the browser’s own fetch' },
  },
  {
    attack: 'C50',
    removes: 'the shim makes no code of text, which a strict policy forbids',
    file: 'extension/shim/start.ts',
    find: 'defineProperty(globalThis, MARK, { value: true })',
    replace: "defineProperty(globalThis, MARK, { value: true })\n  new Function('')()",
    test: { project: 'attack', file: FILE, title: 'C50: under the strictest policy' },
  },
]
