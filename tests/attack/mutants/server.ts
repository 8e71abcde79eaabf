import type { Mutant } from './mutant.ts'

const ACCOUNTS = 'server/src/accounts/accounts.test.ts'
const SYNC = 'server/src/sync/sync.test.ts'
const ROUTES = 'server/src/routes/routes.test.ts'
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
    removes: 'a connection is ended by its own account alone',
    file: 'server/src/stores/apps.ts',
    find: ".set({ status: 'revoked' })\n    .where('account_id', '=', accountId)",
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
    replace: "if (!account) throw new WalletError('request.not_found')\n  const usual = {",
    test: { project: 'integration', file: ACCOUNTS, title: 'C107: answers for an account' },
  },
]
