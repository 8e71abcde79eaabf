import type { Mutant } from './mutant.ts'

const ACCOUNTS = 'server/src/accounts/accounts.test.ts'
const SYNC = 'server/src/sync/sync.test.ts'
const ROUTES = 'server/src/routes/routes.test.ts'
const LINK = 'server/src/link/link.ts'
const LINK_STORE = 'server/src/stores/link.ts'
const LINK_TEST = 'server/src/link/link.test.ts'
const FOREIGN = 'server/src/auth/foreign-tokens.test.ts'
const TIMING = 'server/src/accounts/timing.test.ts'
const SESSION = 'server/src/auth/session.ts'

/** What the sync server checks: whose request it is, and that a faulty device spoils no vault. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C91',
    removes: 'the device signed this request, not just any',
    file: SESSION,
    find: "if (!verifySignature(key, proof.message, proof.signature)) throw new WalletError('auth.failed')",
    replace: '',
    test: { project: 'integration', file: ACCOUNTS, title: 'C91: proves one request, once' },
  },
  {
    attack: 'C91',
    removes: 'a proof is taken once',
    file: SESSION,
    find: "if (!first) throw new WalletError('auth.failed')",
    replace: '',
    test: { project: 'integration', file: ACCOUNTS, title: 'C91: proves one request, once' },
  },
  {
    attack: 'C91',
    removes: 'a connection is ended by its own account, or its own app, alone',
    file: 'server/src/stores/apps.ts',
    find: ".set({ status: 'revoked' })\n    .where(column, '=', owner)",
    replace: ".set({ status: 'revoked' })",
    test: { project: 'integration', file: ROUTES, title: 'C91: ends a connection of its own' },
  },
  {
    attack: 'C82',
    removes: 'a device list is certified by the vault’s identity',
    file: 'server/src/sync/check-push.ts',
    find: 'if (fault !== null || !kept) throw unprocessable()',
    replace: 'if (!kept) throw unprocessable()',
    test: { project: 'integration', file: ACCOUNTS, title: 'C82: is not added without' },
  },
  {
    attack: 'C82',
    removes: 'who recovers replaces every key',
    file: 'server/src/accounts/change-credentials.ts',
    find: "if (by === 'recovery' && !(opens && replacesEverything(account, state, body))) throw refused()",
    replace: '',
    test: { project: 'integration', file: ACCOUNTS, title: 'C82: is completed only by replacing' },
  },
  {
    attack: 'C83',
    removes: 'a deleted record stays deleted',
    file: 'server/src/stores/vault.ts',
    find: ' || row.del < known.del',
    replace: '',
    test: { project: 'integration', file: SYNC, title: 'C83: keeps a deleted record deleted' },
  },
  {
    attack: 'C107',
    removes: 'an account that does not exist has a salt',
    file: 'server/src/accounts/login.ts',
    find: 'const usual = {',
    replace: "if (!kept) throw new WalletError('request.not_found')\n  const usual = {",
    test: { project: 'integration', file: ACCOUNTS, title: 'C107: answers for an account' },
  },
  {
    attack: 'C101',
    removes: 'a link token is good for one agreement',
    file: LINK,
    find: "if (!isFirst) throw new WalletError('request.replayed')\n    const isNew",
    replace: 'const isNew',
    test: { project: 'integration', file: LINK_TEST, title: 'C101: takes a link token once' },
  },
  {
    attack: 'C101',
    removes: 'a public token that is shown again ends what it gave',
    file: LINK,
    find: 'await deleteAccess(queries, stored.connection_id)',
    replace: '',
    test: { project: 'integration', file: LINK_TEST, title: 'C101: takes a public token once' },
  },
  {
    attack: 'C101',
    removes: 'of many exchanges at once one is first',
    file: LINK_STORE,
    find: ".where('id', '=', id)\n    .where('used_at', 'is', null)\n    .executeTakeFirstOrThrow()\n  return numUpdatedRows === 1n\n}\n\nexport async function extendToken",
    replace:
      ".where('id', '=', id)\n    .executeTakeFirstOrThrow()\n  return numUpdatedRows === 1n\n}\n\nexport async function extendToken",
    test: { project: 'integration', file: LINK_TEST, title: 'C101: gives one of ten' },
  },
  {
    attack: 'C101',
    removes: 'a public token is its own app’s',
    file: LINK,
    find: "if (stored.client_id !== app.id) throw new WalletError('auth.forbidden')",
    replace: '',
    test: { project: 'integration', file: LINK_TEST, title: 'C101: refuses a public token' },
  },
  {
    attack: 'C101',
    removes: 'a public token lives five minutes',
    file: LINK,
    find: "if (stored.expires_at <= now) throw new WalletError('auth.expired')",
    replace: '',
    test: { project: 'integration', file: LINK_TEST, title: 'C101: a link token lives' },
  },
  {
    attack: 'C104',
    removes: 'no client secret is taken from a page',
    file: 'server/src/auth/client.ts',
    find: "if (request.headers.origin !== undefined) throw new WalletError('auth.forbidden')",
    replace: '',
    test: { project: 'integration', file: LINK_TEST, title: 'C104: a client secret' },
  },
  {
    attack: 'C91',
    removes: 'a token is good with its device’s key alone',
    file: SESSION,
    find: "if (!verifySignature(key, proof.message, proof.signature)) throw new WalletError('auth.failed')",
    replace: '',
    test: { project: 'integration', file: FOREIGN, title: 'C91: a stolen token opens nothing' },
  },
  {
    attack: 'C107',
    removes: 'an unknown account’s signature is verified too',
    file: 'server/src/accounts/login.ts',
    find: 'const good = verifySignature(key, message, fromBase64url(body.sig))',
    replace: 'const good = account && verifySignature(key, message, fromBase64url(body.sig))',
    test: { project: 'integration', file: TIMING, title: 'C107: an account that does not exist' },
  },
  {
    attack: 'C108',
    removes: 'the server asks nobody',
    file: 'server/src/stores/apps.ts',
    find: "import { firstRowOf, type Queries } from './queries.ts'\n",
    replace:
      "import { firstRowOf, type Queries } from './queries.ts'\n\nexport const look = (origin: string) => fetch(`${origin}/.well-known/valetkey.json`)\n",
    test: { project: 'integration', file: ROUTES, title: 'C108: asks nobody' },
  },
]
