import type { Edit, Mutant } from './mutant.ts'

const FILE = 'tests/attack/origins.test.ts'
const APPROVAL = 'tests/attack/approval.test.ts'
const SENDER = 'extension/background/sender.ts'
const TREE = 'extension/bridge/own-tree.ts'
const SCRIPTS = 'extension/adapters/site-scripts.ts'
const PATTERN = 'extension/adapters/site-pattern.ts'

/** The bridge looks at every document above its own, the background at the topmost once more. */
const ANY_TOP: Edit = {
  file: SENDER,
  find: 'if (originOf(sender.tab.url) !== origin) return null',
  replace: '',
}
const ANY_TREE: Edit = {
  file: TREE,
  find: 'ancestors.length > 0 && ancestors.every((ancestor) => ancestor === origin)',
  replace: 'true',
}
/** An opaque origin taken for that of its tab: the mistake of asking `sender.tab` who is speaking. */
const ORIGIN_OF_TAB: Edit = {
  file: SENDER,
  find: 'const { origin } = sender',
  replace:
    "const origin = sender.origin === 'null' ? new URL(String(sender.tab.url)).origin : sender.origin",
}
const OPAQUE_IN_TREE: Edit = {
  file: TREE,
  find: "if (origin === 'null') return false",
  replace: "if (origin === 'null') return true",
}

/** Who asks: the origin a page has, and the frames it stands in. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C1',
    removes: 'scripts are registered for approved origins only',
    file: SCRIPTS,
    find: 'matches: [sitePattern(origin)]',
    replace: "matches: ['https://*/*']",
    test: { project: 'attack', file: APPROVAL, title: 'gets the provider’s own refusal' },
  },
  {
    attack: 'C1',
    removes: 'a site that was switched off is looked up no more',
    file: 'extension/background/sites.ts',
    find: 'await revokeAll(vault, await findGrantsOfSite(vault, origin))\n    await this.synchronise(vault)\n    await this.#ports.permissions.giveBack(origin)',
    replace: 'await this.#ports.permissions.giveBack(origin)',
    edits: [
      {
        file: 'extension/background/sites.ts',
        find: 'return entry && (await this.#ports.permissions.holds(caller.origin)) ? entry : null',
        replace: 'return entry',
      },
    ],
    test: { project: 'attack', file: APPROVAL, title: 'that was switched off' },
  },
  {
    attack: 'C2',
    removes: 'a site’s pattern names its port',
    file: PATTERN,
    find: "${hostname}:${port || (DEFAULT_PORT[protocol] ?? '')}/*",
    replace: '${hostname}/*',
    test: { project: 'attack', file: FILE, title: 'C2: another port of the app' },
  },
  {
    attack: 'C3',
    removes: 'scripts, and the extension itself, are for TLS only',
    file: SCRIPTS,
    find: 'matches: [sitePattern(origin)]',
    replace: "matches: [sitePattern(origin).replace(/^https(.*):443/, '*$1')]",
    edits: [
      {
        file: 'wxt.config.ts',
        find: "const PAGES = ['https://*/*',",
        replace: "const PAGES = ['*://*/*',",
      },
    ],
    test: { project: 'attack', file: FILE, title: 'C3: the app without TLS' },
  },
  {
    attack: 'C4',
    removes: 'a site’s pattern names one host',
    file: SCRIPTS,
    find: 'matches: [sitePattern(origin)]',
    replace: "matches: [sitePattern(origin).replace('//', '//*.')]",
    test: { project: 'attack', file: FILE, title: 'C4: neither a subdomain' },
  },
  {
    attack: 'C5',
    removes: 'a site’s pattern names its whole host',
    file: SCRIPTS,
    find: 'matches: [sitePattern(origin)]',
    replace: "matches: [sitePattern(origin).replace('//app.', '//*.')]",
    test: { project: 'attack', file: FILE, title: 'C5: a lookalike in punycode' },
  },
  {
    attack: 'C5',
    removes: 'a host is shown in ASCII',
    file: 'extension/ui/site-address.ts',
    find: 'url.host : `${url.protocol}',
    replace: "url.host.replace('xn--pp-6kc', '\u0430pp') : `${url.protocol}",
    test: { project: 'attack', file: FILE, title: 'C5: a lookalike in punycode' },
  },
  {
    attack: 'C6',
    removes: 'a host with a dot at its end is another',
    file: SENDER,
    find: 'const { origin } = sender',
    replace: "const origin = sender.origin?.replace(/\\.$/, '')",
    edits: [
      {
        file: SENDER,
        find: 'if (originOf(sender.tab.url) !== origin) return null',
        replace: "if (originOf(sender.tab.url)?.replace(/\\.$/, '') !== origin) return null",
      },
    ],
    test: { project: 'attack', file: FILE, title: 'C6: the app’s name with a dot' },
  },
  {
    attack: 'C7',
    removes: 'a document of no origin is nobody',
    ...ORIGIN_OF_TAB,
    edits: [OPAQUE_IN_TREE],
    test: { project: 'attack', file: FILE, title: 'C7: a sandboxed frame' },
  },
  {
    attack: 'C8',
    removes: 'a document of no origin is nobody',
    ...ORIGIN_OF_TAB,
    edits: [OPAQUE_IN_TREE],
    test: { project: 'attack', file: FILE, title: 'C8: a data: frame' },
  },
  {
    attack: 'C9',
    removes: 'a child of the app counts only where all above it are the app',
    ...ANY_TREE,
    test: { project: 'attack', file: FILE, title: 'C9: srcdoc' },
  },
  {
    attack: 'C10',
    removes: 'the app in a stranger’s page is not the app',
    ...ANY_TREE,
    edits: [ANY_TOP],
    test: { project: 'attack', file: FILE, title: 'C10: the app framed by a stranger' },
  },
  {
    attack: 'C113',
    removes: 'every document above must be the app’s, not only the nearest and the topmost',
    file: TREE,
    find: 'ancestors.every((ancestor) => ancestor === origin)',
    replace: 'ancestors.at(-1) === origin',
    test: { project: 'attack', file: FILE, title: 'C113: the app in its own frame' },
  },
  {
    attack: 'C113',
    removes: 'all documents above are looked at',
    ...ANY_TREE,
    test: { project: 'attack', file: FILE, title: 'C113: the app in its own frame' },
  },
]
