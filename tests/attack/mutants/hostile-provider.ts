import type { Mutant } from './mutant.ts'

const FILE = 'tests/attack/hostile-provider.test.ts'

/** What a provider may send back: redirects, the key itself, headers that act on a page. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C28',
    removes: 'a redirect is not followed',
    file: 'wallet/proxy/forward.ts',
    find: "redirect: 'manual'",
    replace: "redirect: 'follow'",
    test: { project: 'attack', file: FILE, title: 'C28: no redirect is followed' },
  },
  {
    attack: 'C28',
    removes: 'a redirect that was seen is an outage to the page',
    file: 'wallet/proxy/forward.ts',
    find: "response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)",
    replace: 'response.status < 0',
    test: { project: 'attack', file: FILE, title: 'C28: no redirect is followed' },
  },
  {
    attack: 'C35',
    removes: 'an event of a stream is searched for the key',
    file: 'wallet/proxy/scrub.ts',
    find: 'without(this.#matcher.scrub(bytes), unwanted)',
    replace: 'without(bytes, unwanted)',
    test: { project: 'attack', file: FILE, title: 'C35: a key that comes back in an answer' },
  },
  {
    attack: 'C35',
    removes: 'an answer in one piece is searched for the key',
    file: 'wallet/proxy/scrub.ts',
    find: 'return notEmpty(this.#scan.push(chunk))',
    replace: 'return notEmpty(chunk)',
    test: { project: 'attack', file: FILE, title: 'C35: a key that comes back in an answer' },
  },
  {
    attack: 'C35',
    removes: 'an event that the network cut is put together first',
    file: 'wallet/proxy/scrub.ts',
    find: 'return this.#pass(bytes)',
    replace: 'return this.#pass(chunk)',
    test: { project: 'attack', file: FILE, title: 'C35: a key that comes back in an answer' },
  },
  {
    attack: 'C35',
    removes: 'a header that holds the key is dropped',
    file: 'wallet/proxy/reply-headers.ts',
    find: '!matcher.isIn(value)',
    replace: 'value !== null',
    test: { project: 'attack', file: FILE, title: 'C35: a key that comes back in an error' },
  },
  {
    attack: 'C35',
    removes: 'an error loses what looks like a masked key',
    file: 'wallet/proxy/receive.ts',
    find: 'return maskErrorBody(text)',
    replace: 'return text',
    test: { project: 'attack', file: FILE, title: 'C35: a key that comes back in an error' },
  },
  {
    attack: 'C36',
    removes: 'reply headers pass by an allowlist',
    file: 'wallet/proxy/reply-headers.ts',
    find: '(ALLOWED.includes(name) || ALLOWED_PREFIXES.some((prefix) => name.startsWith(prefix))) &&',
    replace: '',
    test: { project: 'attack', file: FILE, title: 'C36: headers that act on a page' },
  },
  {
    attack: 'C114',
    removes: 'the worker’s calls carry no cookies',
    file: 'wallet/proxy/forward.ts',
    find: "credentials: 'omit'",
    replace: "credentials: 'include'",
    test: { project: 'attack', file: FILE, title: 'C114: the person’s own cookies' },
  },
]
