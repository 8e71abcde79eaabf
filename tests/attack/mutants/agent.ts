import type { Mutant } from './mutant.ts'

const ENDPOINT = 'tests/integration/agent-endpoint.test.ts'
const RELAY = 'tests/integration/agent-relay.test.ts'
const DOOR = 'agent/src/endpoint/door.ts'

/** The local endpoint of the headless wallet. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C112',
    removes: 'a request with an origin is a page’s',
    file: DOOR,
    find: "headersDistinct['origin'] ?? headersDistinct['sec-fetch-site']",
    replace: "headersDistinct['sec-fetch-site']",
    test: {
      project: 'integration',
      file: ENDPOINT,
      title: 'C112: is refused by its origin, be it',
    },
  },
  {
    attack: 'C112',
    removes: 'a request of a browser without an origin is a page’s too',
    file: DOOR,
    find: " ?? headersDistinct['sec-fetch-site']",
    replace: '',
    test: {
      project: 'integration',
      file: ENDPOINT,
      title: 'C112: is refused where a browser sends no origin',
    },
  },
  {
    attack: 'C112',
    removes: 'a request names this very host',
    file: DOOR,
    find: 'if (hosts.length !== 1 || !isOurs)',
    replace: 'if (hosts.length !== 1)',
    test: {
      project: 'integration',
      file: ENDPOINT,
      title: 'C112: whose name was turned to this computer',
    },
  },
  {
    attack: 'C112',
    removes: 'a body is JSON by its own word',
    file: DOOR,
    find: "method !== 'POST' || !isJson || headers",
    replace: "method !== 'POST' || headers",
    test: { project: 'integration', file: ENDPOINT, title: 'C112: sends no body but JSON' },
  },
  {
    attack: 'C112',
    removes: 'a token is one that was given out',
    file: DOOR,
    find: 'clients()).find(({ tokenHash }) => tokenHash === hash)',
    replace: 'clients()).find(({ tokenHash }) => tokenHash !== hash || true)',
    test: { project: 'integration', file: ENDPOINT, title: 'C112: is refused without a token' },
  },
  {
    attack: 'C112',
    removes: 'this computer alone is listened for',
    file: 'agent/src/endpoint/endpoint.ts',
    find: "const LOOPBACK = '127.0.0.1'",
    replace: "const LOOPBACK = '0.0.0.0'",
    test: { project: 'integration', file: ENDPOINT, title: 'C112: another computer finds nobody' },
  },
  {
    attack: 'C112',
    removes: 'a client reaches its own grant',
    file: 'agent/src/calls.ts',
    find: 'const fields = await vault.readGrant(id)',
    replace: "const fields = (await vault.listRecords('grant')).records[0]?.fields ?? null",
    test: { project: 'integration', file: ENDPOINT, title: 'C112: has its own budget' },
  },
  {
    attack: 'C112',
    removes: 'a file that others may read is not used',
    file: 'agent/src/adapters/private-file.ts',
    find: '(mode & OTHERS) !== 0',
    replace: 'mode < 0',
    test: {
      project: 'integration',
      file: 'agent/src/adapters/private-file.test.ts',
      title: 'C112: does not read a file of mode',
    },
  },
  {
    attack: 'C112',
    removes: 'what a client names reaches the terminal as text',
    file: 'agent/src/adapters/terminal.ts',
    find: "return text.replace(/\\p{C}|[\\u2028\\u2029]/gu, '?')",
    replace: 'return text',
    test: {
      project: 'integration',
      file: 'agent/src/adapters/terminal.test.ts',
      title: 'C112: a client’s text moves no cursor',
    },
  },
  {
    attack: 'C105',
    removes: 'what calls were begun outlives the process',
    file: 'agent/src/wallet-parts.ts',
    find: 'claims: createFileClaims(home.file),',
    replace: 'claims: { ...createFileClaims(home.file), read: () => Promise.resolve([]) },',
    test: { project: 'integration', file: RELAY, title: 'C105: makes no call twice' },
  },
  {
    attack: 'C74',
    removes: 'what another process took back ends what runs here',
    file: 'agent/src/agent.ts',
    find: 'Promise.all([served.review(), atServer.followAll()])',
    replace: 'served.review()',
    test: { project: 'integration', file: RELAY, title: 'C74: ends a stream whose app' },
  },
  {
    attack: 'C102',
    removes: 'nobody is connected without a word at the terminal',
    file: 'agent/src/commands/app-commands.ts',
    find: "if (!isYes(await terminal.ask('Allow it? (y/N)'))) return null",
    replace: "await terminal.ask('Allow it? (y/N)')",
    test: { project: 'integration', file: RELAY, title: 'C102: asks before anything' },
  },
]
