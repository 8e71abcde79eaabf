import type { Edit, Mutant } from './mutant.ts'

const RULES = 'wallet/proxy/request-rules.test.ts'
const ENDPOINTS = 'wallet/providers/match-endpoint.test.ts'
/** Refuses a name behind an escape too, for another reason. */
const NAMES_AS_READ: Edit = {
  file: 'wallet/protocol/parse.ts',
  find: 'assertNamesAsRead(assertStrict(text), value)',
  replace: 'assertStrict(text)',
}

/** What of a request is looked at before it is sent, beside its address: method, headers, body. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C31',
    removes: 'an endpoint has one method',
    file: 'wallet/providers/match-endpoint.ts',
    find: 'candidate.method === method && ',
    replace: '',
    test: { project: 'unit', file: ENDPOINTS, title: '(C31)' },
  },
  {
    attack: 'C31',
    removes: 'no header asks for another method',
    file: 'wallet/proxy/request-headers.ts',
    find: "if (METHOD_OVERRIDES.includes(lower)) throw refused('method override')",
    replace: '',
    test: { project: 'unit', file: RULES, title: 'refuses a method override (C31)' },
  },
  {
    attack: 'C31',
    removes: 'no parameter asks for another method',
    file: 'wallet/proxy/outgoing-url.ts',
    find: 'if (OVERRIDES.has(lower)) throw',
    replace: "if (lower === '') throw",
    test: { project: 'unit', file: RULES, title: 'refuses a method override (C31)' },
  },
  {
    attack: 'C32',
    removes: 'a header’s value is one line of Latin-1',
    file: 'wallet/proxy/request-headers.ts',
    find: '!NAME.test(name) || !VALUE.test(value)',
    replace: '!NAME.test(name)',
    test: { project: 'unit', file: RULES, title: '(C32)' },
  },
  {
    attack: 'C32',
    removes: 'a header’s name is a token',
    file: 'wallet/proxy/request-headers.ts',
    find: '!NAME.test(name) || !VALUE.test(value)',
    replace: '!VALUE.test(value)',
    test: { project: 'unit', file: RULES, title: '(C32)' },
  },
  {
    attack: 'C33',
    removes: 'headers are sent by an allowlist',
    file: 'wallet/proxy/request-headers.ts',
    find: 'allowed.some((pattern) => matches(pattern, lower)) && ',
    replace: '',
    test: { project: 'unit', file: RULES, title: 'sends one credential, ours' },
  },
  {
    attack: 'C33',
    removes: 'the page’s own credential is gone before ours is set',
    file: 'wallet/proxy/request-headers.ts',
    find: 'if (allowed.some((pattern) => matches(pattern, lower)) && lower !== auth.header) {',
    replace: 'if (allowed.some((pattern) => matches(pattern, lower)) || lower === auth.header) {',
    edits: [
      {
        file: 'wallet/proxy/request-headers.ts',
        find: 'headers.set(auth.header, auth.prefix + secret)',
        replace: 'headers.append(auth.header, auth.prefix + secret)',
      },
    ],
    test: { project: 'unit', file: RULES, title: 'sends one credential, ours' },
  },
  {
    attack: 'C34',
    removes: 'no credential stays in the query',
    file: 'wallet/proxy/outgoing-url.ts',
    find: 'if (CREDENTIAL_PARAMS.has(lower)) url.searchParams.delete(name)',
    replace: '',
    test: { project: 'unit', file: RULES, title: 'loses every credential parameter' },
  },
  {
    attack: 'C34',
    removes: 'no credential stays in the body',
    file: 'wallet/proxy/request-body.ts',
    find: 'for (const name of CREDENTIAL_FIELDS) Reflect.deleteProperty(json, name)',
    replace: '',
    test: { project: 'unit', file: RULES, title: 'drops a credential in the body (C34)' },
  },
  {
    attack: 'C37',
    removes: 'administration is refused even where an endpoint’s pattern is too wide',
    file: 'wallet/providers/match-endpoint.ts',
    find: "if (isDenied) return { outcome: 'denied' }",
    replace: '',
    edits: [
      {
        file: 'wallet/providers/openai/endpoints.ts',
        find: 'path: /^\\/v1\\/models(?:\\/[A-Za-z0-9._:-]+)?$/',
        replace: 'path: /^\\/v1\\/(?:[A-Za-z0-9._:/-]+)?$/',
      },
    ],
    test: { project: 'unit', file: ENDPOINTS, title: '(C37, C38)' },
  },
  {
    attack: 'C38',
    removes: 'stored files of an account are no endpoint',
    file: 'wallet/providers/match-endpoint.ts',
    find: "return endpoint ? { outcome: 'endpoint', endpoint } : { outcome: 'unknown' }",
    replace:
      "const any = endpoint ?? provider.endpoints[0]; return any ? { outcome: 'endpoint', endpoint: any } : { outcome: 'unknown' }",
    edits: [
      {
        file: 'wallet/providers/match-endpoint.ts',
        find: "if (isDenied) return { outcome: 'denied' }",
        replace: '',
      },
    ],
    test: { project: 'unit', file: ENDPOINTS, title: '(C37, C38)' },
  },
  {
    attack: 'C41',
    removes: 'names are those the text has, not those the engine took them for',
    ...NAMES_AS_READ,
    test: {
      project: 'unit',
      file: 'wallet/protocol/parse.test.ts',
      title: 'takes a name for one it saw before (C41)',
    },
  },
  {
    attack: 'C41',
    removes: 'a body is read more strictly than JSON',
    file: 'wallet/protocol/parse.ts',
    find: 'assertNamesAsRead(assertStrict(text), value)',
    replace: '',
    test: {
      project: 'unit',
      file: 'wallet/protocol/parse.test.ts',
      title: '(C41)',
    },
  },
  {
    attack: 'C41',
    removes: 'no name stands twice',
    file: 'wallet/protocol/parse.ts',
    find: "if (open.has(name)) throw refused('repeated name')",
    replace: '',
    test: { project: 'unit', file: RULES, title: '(C41)' },
  },
  {
    attack: 'C41',
    removes: 'a name is compared after its escapes are read',
    file: 'wallet/protocol/parse.ts',
    find: 'const name = JSON.parse(quoted) as string',
    replace: 'const name = quoted.slice(1, -1)',
    edits: [NAMES_AS_READ],
    test: { project: 'unit', file: RULES, title: 'a repeated model behind an escape' },
  },
  {
    attack: 'C42',
    removes: 'a form has each field once',
    file: 'wallet/proxy/request-body.ts',
    find: "if (!name.endsWith('[]') && form.getAll(name).length > 1) throw refused('repeated field')",
    replace: '',
    test: { project: 'unit', file: RULES, title: 'refuses a form with a second model (C42)' },
  },
  {
    attack: 'C62',
    removes: 'a body’s size is looked at first',
    file: 'wallet/proxy/request-body.ts',
    find: '  assertSize(body)\n',
    replace: '',
    test: { project: 'unit', file: RULES, title: 'before reading it (C62)' },
  },
  {
    attack: 'C36',
    removes: 'reply headers pass by an allowlist',
    file: 'wallet/proxy/reply-headers.ts',
    find: '(ALLOWED.includes(name) || ALLOWED_PREFIXES.some((prefix) => name.startsWith(prefix))) &&',
    replace: '',
    test: { project: 'unit', file: RULES, title: 'nothing that acts on the page' },
  },
  {
    attack: 'C35',
    removes: 'a key is found at each alignment of base64',
    file: 'wallet/proxy/key-matcher.ts',
    find: 'offset < 3',
    replace: 'offset < 1',
    test: {
      project: 'unit',
      file: 'wallet/proxy/key-matcher.test.ts',
      title: 'wherever a network read cuts it',
    },
  },
  {
    attack: 'C35',
    removes: 'a match may begin in one read and end in the next',
    file: 'wallet/proxy/key-matcher.ts',
    find: 'Math.max(0, all.length - (this.#matcher.longest - 1))',
    replace: 'all.length',
    test: {
      project: 'unit',
      file: 'wallet/proxy/key-matcher.test.ts',
      title: 'wherever a network read cuts it',
    },
  },
  {
    attack: 'C35',
    removes: 'an error body loses what looks like a key',
    file: 'wallet/proxy/mask-error-body.ts',
    find: "looksLikeKey(word) ? '***' : word",
    replace: 'word',
    test: { project: 'unit', file: RULES, title: 'lose what looks like a key' },
  },
]
