/** The import table of docs/architecture.md as rules. An import never runs upstairs. */
const wallet = (room) => `^wallet/${room}/`

/** A wallet room may reach only the rooms named, itself, and the packages named. */
function room(name, rooms, packages = []) {
  const allowedRooms = [name, ...rooms].map((one) => `wallet/${one}/`).join('|')
  const allowedPackages = packages.map((one) => `node_modules/${one}/`).join('|')
  const allowed = [allowedRooms, allowedPackages].filter(Boolean).join('|')
  return {
    name: `wallet-${name}`,
    severity: 'error',
    comment: `wallet/${name} may import: ${[...rooms, ...packages].join(', ') || 'nothing'}`,
    from: { path: wallet(name), pathNot: '\\.test\\.ts$|/__fixtures__/' },
    to: { pathNot: `^(?:${allowed})` },
  }
}

/** A folder of the extension may reach only what is named. */
function folder(name, allowed) {
  return {
    name: `extension-${name}`,
    severity: 'error',
    comment: `extension/${name} may import: ${allowed.join(', ')}`,
    from: { path: `^extension/${name}/`, pathNot: '\\.test\\.tsx?$' },
    to: { pathNot: `^(?:extension/${name}/|${allowed.join('|')})` },
  }
}

/** An entrypoint starts one folder, and holds nothing itself. */
function entrypoint(path, started) {
  const name = path
    .replace(/[^a-z]+/g, ' ')
    .trim()
    .replaceAll(' ', '-')
  return {
    name: `entrypoint-${name}`,
    severity: 'error',
    comment: `extension/entrypoints/${path} may import wxt and: ${started.join(', ')}`,
    from: { path: `^extension/entrypoints/${path}` },
    to: { pathNot: `^(?:node_modules/wxt/|extension/entrypoints/${path}|${started.join('|')})` },
  }
}

/** What an entry of the SDK may import beside types and codes of the protocol: the app's own packages. */
const SDK_PEERS = { react: ['react', '@types/react'], 'ai-sdk': ['ai', '@ai-sdk/provider'] }

/** The SDK's browser entries: no room of the wallet but the protocol, of which only tables hold no zod. */
function sdk() {
  const rule = (name, from, allowed) => ({
    name: `sdk-${name}`,
    severity: 'error',
    comment: `Allowed are ${allowed.join(', ')}`,
    from: {
      ...from,
      pathNot: [from.pathNot, '\\.test\\.tsx?$|/__fixtures__/'].filter(Boolean).join('|'),
    },
    to: { pathNot: `^(?:${allowed.join('|')})` },
  })
  const common = [
    'sdk/src/',
    'wallet/protocol/(?:index|app-errors|error-table|call-lost|provider-hosts|provider-ids|unified-origin|valet-key)\\.ts$',
  ]
  const folders = Object.entries(SDK_PEERS)
  return [
    rule(
      'core',
      {
        path: '^sdk/src/',
        pathNot: `^sdk/src/(?:(?:${Object.keys(SDK_PEERS).join('|')})/|server/seal-call\\.ts)`,
      },
      common,
    ),
    // Loaded by app servers alone, and by those that seal.
    rule('sealing', { path: '^sdk/src/server/seal-call\\.ts$' }, [
      ...common,
      'wallet/crypto/relay\\.ts$',
    ]),
    ...folders.map(([name, packages]) =>
      rule(name, { path: `^sdk/src/${name}/` }, [
        ...common,
        ...packages.map((one) => `node_modules/${one}/`),
      ]),
    ),
    {
      name: 'sdk-core-knows-no-entry',
      severity: 'error',
      comment: 'Who imports valetkey alone gets no part of React or the AI SDK.',
      from: { path: '^sdk/src/', pathNot: `^sdk/src/(?:${Object.keys(SDK_PEERS).join('|')})/` },
      to: { path: `^sdk/src/(?:${Object.keys(SDK_PEERS).join('|')})/` },
    },
  ]
}

/** The strength estimator, its dictionaries, and the words of a generated passphrase. */
const STRENGTH_PACKAGES = [
  '@zxcvbn-ts/core',
  '@zxcvbn-ts/language-common',
  '@zxcvbn-ts/language-en',
  '@scure/bip39',
]
const CRYPTO_PACKAGES = ['@noble/ciphers', '@noble/curves', '@noble/hashes', 'hash-wasm', 'hpke']

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    room('protocol', [], ['zod']),
    room('crypto', ['protocol'], CRYPTO_PACKAGES),
    room('vault', ['protocol', 'crypto'], ['zod', ...STRENGTH_PACKAGES]),
    room('providers', ['protocol'], ['zod']),
    room('grants', ['protocol', 'providers']),
    room('metering', ['protocol', 'providers'], ['@pydantic/genai-prices', 'zod']),
    room('capture', ['protocol', 'providers']),
    room('transfer', ['protocol', 'providers'], ['papaparse']),
    room('sync', ['protocol', 'crypto', 'vault'], ['zod', '@scure/bip39']),
    {
      name: 'sync-formats-open-nothing',
      severity: 'error',
      comment:
        'A server imports them: nothing in their reach may open an envelope or hash a passphrase.',
      from: { path: '^wallet/sync/formats\\.ts$' },
      to: {
        path: '^wallet/crypto/(?:envelope|wrap|kdf|argon2id|key-schedule|index)\\.ts$',
        reachable: true,
      },
    },
    room('relay', ['protocol', 'crypto']),
    room('proxy', ['protocol', 'crypto', 'vault', 'providers', 'grants', 'metering']),
    room(
      'linked',
      ['protocol', 'crypto', 'vault', 'grants', 'metering', 'sync', 'relay', 'proxy'],
      ['zod'],
    ),
    room(
      'testing',
      ['protocol', 'crypto', 'vault', 'providers', 'grants', 'metering', 'proxy'],
      ['vitest', 'fast-check'],
    ),
    {
      name: 'page-tables-import-nothing',
      severity: 'error',
      comment: 'The page shim and the SDK are built from them.',
      from: { path: '^wallet/protocol/(?:valet-key|app-errors|error-table|provider-hosts)\\.ts$' },
      to: { path: '.', pathNot: '^wallet/protocol/(?:app-errors|provider-ids)\\.ts$' },
    },
    {
      name: 'unified-origin-imports-nothing',
      severity: 'error',
      comment: 'It is inlined into the SDK.',
      from: { path: '^wallet/protocol/unified-origin\\.ts$' },
      to: { path: '.' },
    },
    folder('shim', ['wallet/protocol/(?:index|call-lost|valet-key)\\.ts$']),
    folder('bridge', ['wallet/protocol/(?:index|call-lost)\\.ts$']),
    folder('capture', ['wallet/capture/index\\.ts$', 'wallet/protocol/index\\.ts$']),
    folder('offscreen', [
      'wallet/protocol/',
      'wallet/crypto/kdf',
      'extension/adapters/',
      'node_modules/zod/',
    ]),
    folder('adapters', [
      'wallet/',
      'extension/offscreen/(?:socket-)?messages\\.ts$',
      'node_modules/dexie/',
      'node_modules/zod/',
      'node_modules/webextension-polyfill/',
      'node_modules/@types/webextension-polyfill/',
    ]),
    folder('background', [
      'wallet/',
      'extension/adapters/',
      'extension/offscreen/messages\\.ts$',
      'node_modules/zod/',
    ]),
    folder('ui', [
      'wallet/protocol/',
      'wallet/grants/',
      'wallet/providers/',
      'wallet/capture/',
      'wallet/vault/strength\\.ts$',
      'extension/adapters/(?:browser|site-pattern)\\.ts$',
      'node_modules/(?:react|react-dom|@types/react|@types/react-dom|lucide-react|@tanstack/react-virtual|uqr|zod|d3-scale|d3-shape|@types/d3-scale|@types/d3-shape)/',
    ]),
    entrypoint('background\\.ts$', ['extension/background/start\\.ts$']),
    entrypoint('bridge\\.content\\.ts$', ['extension/bridge/start\\.ts$']),
    entrypoint('channel/', ['extension/bridge/channel-frame\\.ts$']),
    entrypoint('frame/', ['extension/bridge/frame\\.ts$']),
    entrypoint('capture\\.content\\.ts$', ['extension/capture/start\\.ts$']),
    entrypoint('copies\\.content\\.ts$', ['extension/capture/report-copies\\.ts$']),
    entrypoint('shim\\.content\\.ts$', ['extension/shim/start\\.ts$']),
    entrypoint('sockets\\.content\\.ts$', ['extension/shim/start-sockets\\.ts$']),
    entrypoint('offscreen/', ['extension/offscreen/start\\.ts$']),
    entrypoint('(?:popup|consent|welcome|dashboard)/', [
      'extension/ui/mount\\.tsx$',
      'extension/ui/screens/',
      'extension/ui/styles\\.css$',
    ]),
    {
      name: 'every-entrypoint-has-a-row',
      severity: 'error',
      comment: 'A new entrypoint names the one folder it starts.',
      from: {
        path: '^extension/entrypoints/',
        pathNot:
          '^extension/entrypoints/(?:(?:background|(?:bridge|shim|sockets|capture|copies)\\.content)\\.ts$|(?:channel|frame|offscreen|popup|consent|welcome|dashboard)/)',
      },
      to: { path: '.' },
    },
    {
      name: 'tests-public-exports',
      severity: 'error',
      comment:
        'tests/ may import what the wallet exports, and the stores of the extension by name.',
      from: { path: '^tests/' },
      to: {
        path: '^(?:wallet|extension|agent|sdk|server)/',
        pathNot:
          '^(?:sdk/dist/|sdk/src/server/index\\.ts$|(?:agent|server)/src/testing/index\\.ts$|wallet/[a-z]+/index\\.ts$|wallet/protocol/valet-key\\.ts$|wallet/crypto/kdf\\.ts$|wallet/testing/fuzz\\.ts$|extension/adapters/dexie-(?:vault|ledger)-store\\.ts$)',
      },
    },
    ...sdk(),
    {
      name: 'agent',
      severity: 'error',
      comment: 'The wallet and Node, never a browser or the server.',
      from: { path: '^agent/src/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(?:extension|sdk|server|tests)/|node_modules/',
        pathNot: '^node_modules/(?:zod|@types/node)/',
      },
    },
    {
      name: 'agent-tests-stay-tests',
      severity: 'error',
      comment: 'What serves does not import what tests it.',
      from: { path: '^agent/src/', pathNot: '\\.test\\.ts$|/(?:testing|__fixtures__)/' },
      to: { path: '^agent/src/.*(?:testing|__fixtures__)/|^wallet/testing/' },
    },
    {
      name: 'server',
      severity: 'error',
      comment: 'The server knows the protocol and verifies signatures. It opens nothing.',
      from: { path: '^server/src/' },
      to: {
        path: '^(?:wallet|extension|agent|sdk|tests)/',
        pathNot: '^wallet/(?:protocol/index|crypto/signing|sync/formats)\\.ts$',
      },
    },
    {
      name: 'server-opens-nothing',
      severity: 'error',
      comment: 'Nothing in its reach may open an envelope, hash a passphrase or derive a key.',
      from: { path: '^server/src/' },
      to: {
        path: '^wallet/crypto/(?:envelope|wrap|kdf|argon2id|key-schedule)\\.ts$',
        reachable: true,
      },
    },
    {
      name: 'server-tests-stay-tests',
      severity: 'error',
      comment: 'What serves does not import what tests it.',
      from: { path: '^server/src/', pathNot: '\\.test\\.ts$|^server/src/testing/' },
      to: { path: '^server/src/testing/' },
    },
    {
      name: 'types-of-providers-in-grants',
      severity: 'error',
      comment: 'A decision rests on facts handed in, not on the catalogue.',
      from: { path: '^wallet/grants/', pathNot: '\\.test\\.ts$' },
      to: { path: '^wallet/providers/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'types-only-in-page-scripts',
      severity: 'error',
      comment:
        'Page scripts and the SDK take types of the protocol, and its tables that import nothing; what seals on servers takes all.',
      from: {
        path: '^(?:extension/(?:shim|bridge|capture)|sdk/src)/',
        pathNot: '\\.test\\.tsx?$|^sdk/src/(?:.*/__fixtures__/|server/seal-call\\.ts$)',
      },
      to: { path: '^wallet/protocol/index\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'one-polyfill',
      severity: 'error',
      comment: 'extension/adapters/browser.ts is the only file that names webextension-polyfill.',
      from: { pathNot: '^extension/adapters/browser\\.ts$' },
      to: { path: 'webextension-polyfill' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(?:\\.output|\\.wxt|\\.cache)/|^sdk/dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
}
