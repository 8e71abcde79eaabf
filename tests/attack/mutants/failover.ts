import type { Mutant } from './mutant.ts'

const FILE = 'wallet/proxy/key-pool.test.ts'
const POOL = 'wallet/proxy/key-pool.ts'
const RUN_CALL = 'wallet/proxy/run-call.ts'

/** Going on with the next key of a pool: when, with which, and what each send is held and judged by. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C73',
    removes: 'only a refusal of the key itself makes a call again',
    file: POOL,
    find: '[401, 402, 429]',
    replace: '[401, 402, 403, 429, 500, 503]',
    test: { project: 'unit', file: FILE, title: 'another key would fare no better' },
  },
  {
    attack: 'C73',
    removes: 'a bad request is made again only where it was the key',
    file: POOL,
    find: "(status === 400 && meaning === 'refused')",
    replace: 'status === 400',
    test: { project: 'unit', file: FILE, title: 'calls a bad key a bad request, and only there' },
  },
  {
    attack: 'C73',
    removes: 'the next call begins with the key that served',
    file: POOL,
    find: 'if (isPool && keyId !== turn) ports.keyTurns.write(grant.id, provider.id, keyId)',
    replace: '',
    test: { project: 'unit', file: FILE, title: 'serves the next call too' },
  },
  {
    attack: 'C73',
    removes: 'each key is tried once',
    file: POOL,
    find: '[...new Set([...keyIds.slice(start), ...keyIds.slice(0, start)])]',
    replace: '[...keyIds.slice(start), ...keyIds.slice(0, start)]',
    test: { project: 'unit', file: FILE, title: 'tries a key once that is named twice' },
  },
  {
    attack: 'C73',
    removes: 'the second send has the whole body',
    file: RUN_CALL,
    find: 'outgoing(admitted, call, body, key.secret)',
    replace: 'outgoing(admitted, call, nextId === null ? null : body, key.secret)',
    test: { project: 'unit', file: FILE, title: 'and the page sees only the answer' },
  },
  {
    attack: 'C73',
    removes: 'nothing is sent again for a page that has gone',
    file: RUN_CALL,
    find: 'body, key.secret)\n    stopIfAborted(signal)',
    replace: 'body, key.secret)',
    test: { project: 'unit', file: FILE, title: 'sends nothing more once the page has gone' },
  },
  {
    attack: 'C35',
    removes: 'an answer is searched for the key that was sent',
    file: RUN_CALL,
    find: 'let nextId: RequestId | null = requestId',
    replace: 'let nextId: RequestId | null = requestId\n  let before',
    edits: [
      {
        file: RUN_CALL,
        find: 'const held = { admitted, caller, request, key, usageAddedByUs, reservation }',
        replace:
          'before ??= key\n    const held = { admitted, caller, request, key: before, usageAddedByUs, reservation }',
      },
    ],
    test: { project: 'unit', file: FILE, title: 'keeps back the key that was really sent' },
  },
  {
    attack: 'C61',
    removes: 'a call that may go on keeps its place',
    file: 'wallet/proxy/send.ts',
    find: "if (outcome.ending !== 'refused') slot.release()",
    replace: 'slot.release()',
    test: { project: 'unit', file: FILE, title: 'takes the one place of its call' },
  },
  {
    attack: 'C61',
    removes: 'a call that no key served gives its place back',
    file: RUN_CALL,
    find: 'slot.release()\n    const code',
    replace: 'const code',
    test: { project: 'unit', file: FILE, title: 'takes the one place of its call' },
  },
]
