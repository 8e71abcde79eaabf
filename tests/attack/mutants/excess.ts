import type { Mutant } from './mutant.ts'

const EXCESS = 'tests/attack/excess.test.ts'
const SOCKET = 'wallet/proxy/live-socket.test.ts'
const DIALLER = 'extension/adapters/socket-dialler.test.ts'
const LANE = 'extension/background/inject-lane.test.ts'
const EVALUATE = 'wallet/grants/evaluate.ts'

/** More than was given: by a call, by a socket, by the browser's own rules. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C12',
    removes: 'the browser adds keys by itself only where the person chose that',
    file: 'extension/background/inject-lane.ts',
    find: "terms.lane !== 'inject' || ",
    replace: '',
    edits: [
      {
        file: 'extension/background/inject-lane.ts',
        find: ' || !(await mayWatch())',
        replace: '',
      },
      {
        file: 'wallet/proxy/inject-rules.ts',
        find: 'assertInjectable(grant.terms)\n',
        replace: '\n',
      },
    ],
    test: { project: 'attack', file: EXCESS, title: 'C12: finds no way in' },
  },
  {
    attack: 'C20',
    removes: 'a port of this computer is an origin of its own',
    file: 'extension/adapters/site-pattern.ts',
    find: "${hostname}:${port || (DEFAULT_PORT[protocol] ?? '')}/*",
    replace: '${hostname}/*',
    test: { project: 'attack', file: EXCESS, title: 'C20: a file, and another port' },
  },
  {
    attack: 'C40',
    removes: 'a model is one of those that were allowed',
    file: EVALUATE,
    find: 'return granted.models.some((pattern) => matchesPattern(pattern, model))',
    replace: 'return true',
    test: { project: 'attack', file: EXCESS, title: 'C40: gets no model but' },
  },
  {
    attack: 'C43',
    removes: 'what a body needs beyond its endpoint is a capability of its own',
    file: EVALUATE,
    find: 'return needs.find((need) => !granted.includes(need)) ?? null',
    replace: 'return null',
    test: { project: 'attack', file: EXCESS, title: 'C43: cannot make the provider fetch' },
  },
  {
    attack: 'C44',
    removes: 'no more answers are asked for than any provider documents',
    file: 'wallet/providers/formats/request-fields.ts',
    find: 'if (value < 1 || value > MAX_CHOICES) throw refused(name)',
    replace: '',
    test: { project: 'attack', file: EXCESS, title: 'C44: cannot ask for more answers' },
  },
  {
    attack: 'C62',
    removes: 'a body is refused by its size',
    file: 'wallet/proxy/request-body.ts',
    find: 'if (sizeOf(body) > BODY_LIMIT_BYTES) {',
    replace: 'if (sizeOf(body) < 0) {',
    test: { project: 'attack', file: EXCESS, title: 'C62: a body beyond the limit' },
  },
  {
    attack: 'C40',
    removes: 'a socket stays with the model that was judged',
    file: 'wallet/providers/formats/realtime-session.ts',
    find: "if (isJsonObject(session) && (session['model'] ?? model) !== model) throw refused('model')",
    replace: '',
    test: {
      project: 'unit',
      file: SOCKET,
      title: 'end it, unsent (C40, C41, C43), where one asks for',
    },
  },
  {
    attack: 'C43',
    removes: 'what a frame needs is judged',
    file: 'wallet/proxy/admit-socket.ts',
    find: 'decide(admitted, { grant, model, needs: ask.needs, now })',
    replace: 'decide(admitted, { grant, model, needs: [], now })',
    test: {
      project: 'unit',
      file: SOCKET,
      title: 'end it, unsent (C40, C41, C43), where one asks for',
    },
  },
  {
    attack: 'C35',
    removes: 'bytes of a provider are scrubbed',
    file: 'wallet/proxy/live-socket.ts',
    find: ': this.#matcher.scrub(data)',
    replace: ': data',
    test: { project: 'unit', file: SOCKET, title: 'never hold the key, whole or encoded' },
  },
  {
    attack: 'C115',
    removes: 'one handshake at a time for a host',
    file: 'extension/adapters/handshake-rule.ts',
    find: 'before.then(() => this.#withRule(socket, handshake))',
    replace: 'this.#withRule(socket, handshake)',
    test: { project: 'unit', file: DIALLER, title: 'waits for the one before it' },
  },
  {
    attack: 'C115',
    removes: 'the rule goes with its handshake',
    file: 'extension/adapters/handshake-rule.ts',
    find: 'removeRuleIds: [id]',
    replace: 'removeRuleIds: []',
    test: { project: 'unit', file: DIALLER, title: 'has its rule for the handshake alone (C115)' },
  },
  {
    attack: 'C115',
    removes: 'nothing that was read before a lock is installed after it',
    file: 'extension/background/inject-lane.ts',
    find: 'const isCurrent = (): boolean => generation === this.#generation',
    replace: 'const isCurrent = (): boolean => generation >= 0',
    test: { project: 'unit', file: LANE, title: 'installs nothing that was read before a lock' },
  },
  {
    attack: 'C115',
    removes: 'a grant that ended adds no key to anything',
    file: 'extension/background/inject-lane.ts',
    find: "terms.lane !== 'inject' || grantState(grant, clock()) !== 'active'",
    replace: "terms.lane !== 'inject'",
    test: { project: 'unit', file: LANE, title: 'adds a key to nothing once' },
  },
]
