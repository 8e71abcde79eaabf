import type { Mutant } from './mutant.ts'

const LINKED = 'wallet/linked/linked-apps.ts'
const LINK = 'extension/background/link-app.ts'
const CALLS = 'wallet/linked/app-server-calls.ts'
const unit = (file: string, title: string) => ({ project: 'unit' as const, file, title })

/** What the extension guards where an app's server uses the wallet. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C98',
    removes: 'a page has its own app linked alone',
    file: LINKED,
    find: 'if (app.origin !== origin)',
    replace: 'if (app.origin === "")',
    test: unit('extension/background/link-app.test.ts', 'C98: asks nobody'),
  },
  {
    attack: 'C55',
    removes: 'nothing is fetched for a page that nobody looks at',
    file: LINK,
    find: 'if (!(await asking.isShown()))',
    replace: 'if (!true)',
    test: unit('extension/background/link-app.test.ts', 'C55: fetches nothing'),
  },
  {
    attack: 'C74',
    removes: 'calls of a grant that another device took back end here',
    file: LINKED,
    find: "for (const id of ids) this.#ports.stopCalls(id as GrantId, 'grant.revoked')",
    replace: '',
    test: unit('wallet/linked/linked-apps.test.ts', 'stops what another device'),
  },
  {
    attack: 'C106',
    removes: 'the keys of an app are those its own site names',
    file: LINK,
    find: 'const details = { ...told, app: { ...told.app, publicKeys } }',
    replace: 'const details = publicKeys.length < 0 ? { ...told } : told',
    test: unit('extension/background/link-app.test.ts', 'C106: pins the keys'),
  },
  {
    attack: 'C108',
    removes: 'what an app’s site points to is not its site',
    file: 'wallet/sync/app-keys.ts',
    find: "redirect: 'error'",
    replace: "redirect: 'follow'",
    test: unit('wallet/sync/app-keys.test.ts', 'are none where the site says'),
  },
  {
    attack: 'C106',
    removes: 'a device that is behind the others serves nothing',
    file: CALLS,
    find: 'this.#appliedSeq >= this.#welcomedSeq',
    replace: 'true',
    test: unit('wallet/linked/app-server-calls.test.ts', 'C106: serves nothing'),
  },
  {
    attack: 'C102',
    removes: 'a person is asked about each code',
    file: LINKED,
    find: "status === 'active' && isCovered && !isCode ? 'covered' : 'less'",
    replace: "status === 'active' && isCovered ? 'covered' : 'less'",
    test: unit('wallet/linked/linked-apps.test.ts', 'C102: is asked about each time'),
  },
  {
    attack: 'C102',
    removes: 'a program by a code has no site',
    file: LINKED,
    find: 'const site = isByCode(wish) ? null : origin',
    replace: 'const site = origin',
    test: unit('wallet/linked/linked-apps.test.ts', 'C102: is known by its name alone'),
  },
  {
    attack: 'C102',
    removes: 'no request of a page is answered by a code',
    file: 'wallet/linked/claim-code.ts',
    find: "if (told.redirectUri !== null) throw new WalletError('protocol.invalid_message')",
    replace: '',
    test: unit('extension/background/device-code.test.ts', 'C102: asks nobody for a request'),
  },
  {
    attack: 'C106',
    removes: 'a server asks for what was allowed through it alone',
    file: CALLS,
    find: 'return (record?.fields.relay.account?.accountId ?? null) === account ? record : null',
    replace: 'return record',
    test: unit('wallet/linked/app-server-calls.test.ts', 'C106: serves at each server'),
  },
  {
    attack: 'C106',
    removes: 'calls at another server wait for what the vault’s own says',
    file: CALLS,
    find: '(account !== null && !isInStep())',
    replace: 'account !== null',
    test: unit('wallet/linked/app-server-calls.test.ts', 'C106: waits at other servers too'),
  },
  {
    attack: 'C106',
    removes: 'a page of the web has nothing of the person’s own network asked',
    file: 'extension/background/named-server.ts',
    find: 'if (!isNear(reach) || !isNear(pageReach)) throw notThere()',
    replace: 'void pageReach',
    test: unit(
      'extension/background/named-server.test.ts',
      'C106: is not asked in the person’s own network',
    ),
  },
  {
    attack: 'C106',
    removes: 'a page names such a server in vain',
    file: 'extension/background/link-app.ts',
    find: 'if (chosen?.origin !== relay) assertMayName(relay, origin)',
    replace: 'void chosen',
    test: unit(
      'extension/background/link-app.test.ts',
      'C106: fetches nothing of the person’s own network',
    ),
  },
  {
    attack: 'C103',
    removes: 'only extensions read what the server answers in a browser',
    file: 'server/src/http/extension-cors.ts',
    find: '!EXTENSION.test(origin)',
    replace: "origin === ''",
    test: {
      ...{ project: 'integration', file: 'server/src/http/extension-cors.test.ts' },
      title: 'C103: is no page',
    },
  },
]
