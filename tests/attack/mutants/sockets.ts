import type { Mutant } from './mutant.ts'

const SOCKET = 'wallet/proxy/run-socket-providers.test.ts'

/** Sockets of sound: what no frame says, and what an address may not ask for. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C43',
    removes: 'results of a live call go to nobody else',
    file: 'wallet/providers/formats/sound-session.ts',
    find: 'for (const name of refusedParams) if (url.searchParams.has(name)) throw refused(name)',
    replace: '',
    test: { project: 'unit', file: SOCKET, title: 'results sent elsewhere (C43)' },
  },
  {
    attack: 'C40',
    removes: 'sound is judged by its model as text is',
    file: 'wallet/proxy/live-socket.ts',
    find: 'judgeFrame(admitted, NOTHING_NEW, { keyId: key.keyId, now: ports.clock() })',
    replace: '',
    test: { project: 'unit', file: SOCKET, title: 'sends no sound for a model nobody named' },
  },
  {
    attack: 'C115',
    removes: 'sockets end with the worker that opened them',
    file: 'extension/offscreen/start.ts',
    find: 'sockets.closeAll()',
    replace: '',
    test: {
      project: 'e2e',
      file: 'tests/e2e/socket-faults.test.ts',
      title: 'ends on both sides at once',
    },
  },
]
