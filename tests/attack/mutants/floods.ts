import type { Mutant } from './mutant.ts'

const FLOODS = 'tests/attack/floods.test.ts'
const PORTS = 'extension/background/page-ports.ts'
const SENDER = 'extension/background/sender.ts'

/** More than anybody can take, and who is somebody else though the address is the same. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C19',
    removes: 'an incognito page is told apart',
    file: SENDER,
    find: 'incognito: sender.tab.incognito === true',
    replace: 'incognito: false',
    test: { project: 'attack', file: FLOODS, title: 'C19: an incognito window' },
  },
  {
    attack: 'C61',
    removes: 'an origin has so many ports and no more',
    file: PORTS,
    find: 'ofOrigin.length >= PORTS_PER_ORIGIN',
    replace: 'ofOrigin.length >= 10_000',
    test: { project: 'attack', file: FLOODS, title: 'C61: a flood of frames and ports' },
  },
  {
    attack: 'C61',
    removes: 'ports are counted by origin',
    file: PORTS,
    find: '.filter((open) => open.caller.origin === caller.origin)',
    replace: '',
    test: { project: 'attack', file: FLOODS, title: 'C61: a flood of frames and ports' },
  },
  {
    attack: 'C63',
    removes: 'an answer that stalls is given up',
    file: 'extension/background/page-calls.ts',
    find: 'await withLimit(reader.read(), GAP_LIMIT_MS)',
    replace: 'await reader.read()',
    test: { project: 'attack', file: FLOODS, title: 'C63: a provider that falls silent' },
  },
  {
    attack: 'C63',
    removes: 'a whole call takes so long and no longer',
    file: 'wallet/proxy/forward.ts',
    find: 'AbortSignal.timeout(CALL_LIMIT_MS)',
    replace: 'AbortSignal.timeout(CALL_LIMIT_MS * 2)',
    test: { project: 'attack', file: FLOODS, title: 'C63: an answer that never ends' },
  },
  {
    attack: 'C64',
    removes: 'what a reply unpacks to is counted',
    file: 'wallet/proxy/scrub.ts',
    find: 'if (size > REPLY_LIMIT_BYTES) throw',
    replace: 'if (size < 0) throw',
    test: { project: 'attack', file: FLOODS, title: 'C64: a small reply' },
  },
]
