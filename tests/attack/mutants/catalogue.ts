import type { Mutant } from './mutant.ts'

const BASE = 'wallet/providers/base-url.test.ts'
const OWN = 'wallet/proxy/own-server.test.ts'
const MATCH = 'wallet/providers/match-endpoint.test.ts'
const DIALECT = 'wallet/providers/dialect.test.ts'

/** Where a key of the person's own server goes, and which doors of a provider stay shut. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C27',
    removes: 'the link-local range is never a server',
    file: 'wallet/providers/base-url.ts',
    find: ' || (first === 169 && second === 254)',
    replace: '',
    test: { project: 'unit', file: BASE, title: 'never sends a key to the metadata' },
  },
  {
    attack: 'C27',
    removes: 'an address is what stands there, not what a parser makes of it',
    file: 'wallet/providers/base-url.ts',
    find: "text.replace(/\\/$/, '') !== spelled || ",
    replace: '',
    test: { project: 'unit', file: BASE, title: 'refuses another spelling' },
  },
  {
    attack: 'C27',
    removes: 'an IPv6 literal, which may hide an IPv4 address, is refused',
    file: 'wallet/providers/base-url.ts',
    find: "if (host.startsWith('[')) return refused('ipv6')",
    replace: '',
    test: { project: 'unit', file: BASE, title: 'refuses what can be no such server' },
  },
  {
    attack: 'C27',
    removes: 'plain http stays on this computer',
    file: 'wallet/providers/base-url.ts',
    find: "url.protocol === 'http:' && !LOOPBACK.includes(host)",
    replace: "url.protocol === 'ftp:'",
    test: { project: 'unit', file: BASE, title: 'refuses what can be no such server' },
  },
  {
    attack: 'C27',
    removes: 'the origin of a place is compared',
    file: 'wallet/providers/base-url.ts',
    find: 'url.origin === origin && ',
    replace: '',
    test: { project: 'unit', file: BASE, title: 'is known by its very origin and path' },
  },
  {
    attack: 'C27',
    removes: 'a key goes to its own place, not to another one of the grant',
    file: 'wallet/proxy/open-key.ts',
    find: 'placed && isSamePlace(placed, provider)',
    replace: 'placed',
    test: { project: 'unit', file: OWN, title: 'gets its own key and no other' },
  },
  {
    attack: 'C27',
    removes: 'an own server is reached only with the browser’s yes for its origin',
    file: 'wallet/proxy/run-call.ts',
    find: 'if (place && !(await ports.mayReach(place.origin)))',
    replace: 'if (place && !(await ports.mayReach(place.origin)) && false)',
    test: { project: 'unit', file: OWN, title: 'is not reached without the browser’s yes' },
  },
  {
    attack: 'C27',
    removes: 'the own network needs the person’s word',
    file: 'extension/background/handlers/key.add.ts',
    find: '!facts || (isOwn && !ownNetwork)',
    replace: '!facts || (isOwn && !ownNetwork && false)',
    test: {
      project: 'unit',
      file: 'extension/background/handlers/key.test.ts',
      title: 'and asks nobody (C27)',
    },
  },
  {
    attack: 'C37',
    removes: 'the account of fal is no model of it',
    file: 'wallet/providers/fal/fal.ts',
    find: "...denyBelow('/v1', ",
    replace: '...denyBelow(',
    test: { project: 'unit', file: MATCH, title: '(C37, C38)' },
  },
  {
    attack: 'C38',
    removes: 'what others ran at Replicate is not listed',
    file: 'wallet/providers/replicate/replicate.ts',
    find: "{ method: 'GET', path: /^\\/v1\\/predictions$/ },",
    replace: '',
    edits: [
      {
        file: 'wallet/providers/replicate/replicate.ts',
        find: 'path: /^\\/v1\\/predictions\\/[a-z0-9]{16,64}$/,',
        replace: 'path: /^\\/v1\\/predictions(?:\\/[a-z0-9]{16,64})?$/,',
      },
    ],
    test: { project: 'unit', file: MATCH, title: '(C37, C38)' },
  },
  {
    attack: 'C38',
    removes: 'files of an own server are no endpoint, and refused by name',
    file: 'wallet/providers/dialect/custom.ts',
    find: "'/admin', '/files', '/uploads'",
    replace: "'/admin', '/uploads'",
    edits: [
      {
        file: 'wallet/providers/dialect/custom.ts',
        find: '    ...TEXT_KINDS,',
        replace: "    ...TEXT_KINDS, { kind: 'chat', name: 'files', path: /^\\/files$/ },",
      },
    ],
    test: { project: 'unit', file: OWN, title: 'has its other doors shut (C38)' },
  },
  {
    attack: 'C40',
    removes: 'an address names one model',
    file: 'wallet/providers/formats/request-fields.ts',
    find: 'models.length > 1 || ',
    replace: '',
    test: { project: 'unit', file: DIALECT, title: 'of two nobody can tell which is served (C40)' },
  },
  {
    attack: 'C39',
    removes: 'OpenRouter’s management keys are known by their check',
    file: 'wallet/providers/dialect/openrouter.ts',
    find: "return isManagement ? 'refused' : judgeByStatus(status)",
    replace: 'return isManagement ? judgeByStatus(status) : judgeByStatus(status)',
    test: { project: 'unit', file: DIALECT, title: 'keys that administer an account (C39)' },
  },
  {
    attack: 'C40',
    removes: 'a list of other models is refused',
    file: 'wallet/providers/formats/dialect.ts',
    find: 'for (const name of refusedMembers) if (isGiven(body?.[name])) throw refused(name)',
    replace: 'for (const name of refusedMembers) if (isGiven(body?.[name])) refused(name)',
    test: { project: 'unit', file: DIALECT, title: 'another model or a later answer stands (C40)' },
  },
]
