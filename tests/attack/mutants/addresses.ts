import type { Mutant } from './mutant.ts'

const ENDPOINTS = 'wallet/providers/match-endpoint.test.ts'
const CALL_URL = 'wallet/providers/call-url.ts'
const URLS = 'wallet/providers/call-url.test.ts'

/** Where a call goes: its address as one parser and the next would read it. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C23',
    removes: 'a path is judged as the parser left it, not as it was written',
    file: CALL_URL,
    find: 'const url = new URL(text)',
    replace:
      "const url = Object.defineProperty(new URL(text), 'pathname', { value: text.replace(/^https:..[^/]+/, '') })",
    test: { project: 'unit', file: ENDPOINTS, title: 'after its dots are resolved (C23)' },
  },
  {
    attack: 'C24',
    removes: 'no path holds what a server may decode once more',
    file: CALL_URL,
    find: "if (ENCODED_TRAVERSAL.test(path)) throw refused('encoded path')",
    replace: '',
    test: { project: 'unit', file: URLS, title: 'refuses two paths in one' },
  },
  {
    attack: 'C24',
    removes: 'a percent sign is never coded a second time',
    file: CALL_URL,
    find: '%(?:2e|2f|5c|25|3b|',
    replace: '%(?:2e|2f|5c|3b|',
    test: { project: 'unit', file: URLS, title: 'refuses two paths in one' },
  },
  {
    attack: 'C24',
    removes: 'no path has empty steps or parameters of steps',
    file: CALL_URL,
    find: "if (path.includes('//') || path.includes(';')",
    replace: "if (path === ''",
    test: { project: 'unit', file: URLS, title: 'refuses two paths in one' },
  },
  {
    attack: 'C26',
    removes: 'a host follows its scheme at once',
    file: CALL_URL,
    find: "if (/^[/\\\\]/.test(text.slice(scheme.length + 2))) throw refused('scheme')",
    replace: '',
    test: { project: 'unit', file: URLS, title: 'refuses two addresses in one' },
  },
  {
    attack: 'C26',
    removes: 'tabs and line ends are gone before the text is judged',
    file: CALL_URL,
    find: "given.replaceAll(/[\\t\\n\\r]/g, '')",
    replace: 'given',
    test: { project: 'unit', file: URLS, title: 'refuses two addresses in one' },
  },
  {
    attack: 'C26',
    removes: 'no address has a user, not even an empty one',
    file: CALL_URL,
    find: "if (authorityOf(text).includes('@')) throw refused('user')",
    replace: '',
    test: { project: 'unit', file: URLS, title: 'refuses two addresses in one' },
  },
  {
    attack: 'C26',
    removes: 'no address has a fragment, not even an empty one',
    file: CALL_URL,
    find: "if (text.includes('#')) throw refused('fragment')",
    replace: '',
    test: { project: 'unit', file: URLS, title: 'refuses two addresses in one' },
  },
  {
    attack: 'C25',
    removes: 'a host is compared exactly',
    file: 'wallet/providers/catalogue.ts',
    find: 'provider.hosts.includes(host)',
    replace: 'provider.hosts.some((known) => `.${host}`.endsWith(`.${known}`))',
    test: {
      project: 'unit',
      file: 'wallet/providers/catalogue.test.ts',
      title: 'knows nobody at',
    },
  },
  {
    attack: 'C30',
    removes: 'a host that is no provider’s is left to the page',
    file: 'wallet/proxy/admit.ts',
    find: 'const provider = target && providerOfHost(target.hostname)',
    replace: "const provider = target && providerOfHost('api.openai.com')",
    edits: [
      {
        file: 'wallet/providers/match-endpoint.ts',
        find: ' || !provider.hosts.includes(url.host)',
        replace: '',
      },
    ],
    test: {
      project: 'unit',
      file: 'wallet/proxy/run-call.test.ts',
      title: 'its host is no provider’s, and the person is told (C30)',
    },
  },
]
