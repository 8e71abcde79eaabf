import type { Mutant } from './mutant.ts'

const DESTINATIONS = 'tests/attack/destinations.test.ts'
const ORIGINS = 'tests/attack/origins.test.ts'
const STRANGERS = 'tests/attack/strangers.test.ts'
const LOCKED = 'tests/attack/locked.test.ts'
const REALM = 'tests/attack/hostile-realm.test.ts'
const MESSAGES = 'tests/attack/bridge-messages.test.ts'
const POLICIES = 'tests/attack/policies.test.ts'

/** Pages and strangers that turn on the wallet in a real browser. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C6',
    removes: 'no call is held where the host has a dot at its end',
    file: 'extension/shim/may-hold-grant.ts',
    find: String.raw`return origin !== 'null' && !/\.(?::\d+)?$/.test(origin)`,
    replace: "return origin !== 'null'",
    test: { project: 'attack', file: ORIGINS, title: 'C6: the app’s name with a dot' },
  },
  {
    attack: 'C7',
    removes: 'no call is held in a sandboxed frame',
    file: 'extension/shim/may-hold-grant.ts',
    find: "return origin !== 'null' && ",
    replace: 'return ',
    test: { project: 'attack', file: ORIGINS, title: 'C7: a sandboxed frame' },
  },
  {
    attack: 'C29',
    removes: 'the header rule is for our own requests only',
    file: 'extension/adapters/origin-rule.ts',
    find: 'initiatorDomains: [ownHost()], ',
    replace: '',
    test: { project: 'attack', file: DESTINATIONS, title: 'C29: who is sent on' },
  },
  {
    attack: 'C30',
    removes: 'a provider is known by its exact host',
    file: 'wallet/proxy/admit.ts',
    find: 'const provider = target && providerOfHost(target.hostname)',
    replace:
      "const provider = target && providerOfHost(target.pathname.startsWith('/v1/') ? 'api.openai.com' : target.hostname)",
    test: { project: 'attack', file: DESTINATIONS, title: 'C30: sends the worthless key' },
  },
  {
    attack: 'C30',
    removes: 'a provider is known by its exact host, not by the start of it',
    file: 'wallet/providers/catalogue.ts',
    find: 'provider.hosts.includes(host)',
    replace: 'provider.hosts.some((one) => host.startsWith(one))',
    // The endpoint is looked up by host once more.
    edits: [
      {
        file: 'wallet/providers/match-endpoint.ts',
        find: "url.protocol === 'https:' && hosts.includes(url.host) ?",
        replace: "url.protocol === 'https:' ?",
      },
    ],
    test: { project: 'attack', file: DESTINATIONS, title: 'C30: an address that only looks like' },
  },
  {
    attack: 'C30',
    removes: 'the person is told where an app sends its key',
    file: 'wallet/proxy/admit.ts',
    find: '    ports.noteForeignHost(caller, target.host)\n',
    replace: '',
    test: { project: 'attack', file: DESTINATIONS, title: 'C30: sends the worthless key' },
  },
  {
    attack: 'C30',
    removes: 'a valet key asks for models of its own provider alone',
    file: 'wallet/proxy/unified-call.ts',
    find: 'site.provider !== null && site.provider !== model.provider',
    replace: 'site.provider === undefined',
    test: {
      project: 'unit',
      file: 'wallet/proxy/unified-call.test.ts',
      title: 'whatever its grant names',
    },
  },
  {
    attack: 'C24',
    removes: 'a model that becomes a part of an address is a name and nothing more',
    file: 'wallet/providers/translate/translate-chat.ts',
    find: '{1,200})$/',
    replace: '{1,200})/',
    test: {
      project: 'unit',
      file: 'wallet/providers/translate/requests.test.ts',
      title: 'only as a name',
    },
  },
  {
    attack: 'C34',
    removes: 'a key in the query is taken out',
    file: 'wallet/proxy/outgoing-url.ts',
    find: 'if (CREDENTIAL_PARAMS.has(lower)) url.searchParams.delete(name)',
    replace: '',
    test: { project: 'attack', file: DESTINATIONS, title: 'C34: in the query' },
  },
  {
    attack: 'C34',
    removes: 'a key in a JSON body is taken out',
    file: 'wallet/proxy/request-body.ts',
    find: 'for (const name of CREDENTIAL_FIELDS) Reflect.deleteProperty(json, name)',
    replace: '',
    test: { project: 'attack', file: DESTINATIONS, title: 'C34: in a JSON body' },
  },
  {
    attack: 'C34',
    removes: 'a key in a form is taken out',
    file: 'wallet/proxy/request-body.ts',
    find: 'for (const name of CREDENTIAL_FIELDS) form.delete(name)',
    replace: '',
    test: { project: 'attack', file: DESTINATIONS, title: 'C34: in a form' },
  },
  {
    attack: 'C11',
    removes: 'only the extension’s own parts are listened to',
    file: 'extension/background/start.ts',
    find: '  browser.permissions.onAdded.addListener(',
    replace:
      '  chrome.runtime.onMessageExternal.addListener((message, _sender, answer) => {\n    void routeUiRequest(message, wallet).then(answer)\n    return true\n  })\n  browser.permissions.onAdded.addListener(',
    test: { project: 'attack', file: STRANGERS, title: 'C11: another extension' },
  },
  {
    attack: 'C21',
    removes: 'the person is called once in half a minute',
    file: 'extension/adapters/badge.ts',
    find: 'const CALL_PAUSE_MS = 30_000',
    replace: 'const CALL_PAUSE_MS = 0',
    test: { project: 'attack', file: LOCKED, title: 'C21: calls the person once' },
  },
  {
    attack: 'C21',
    removes: 'a new worker knows when the person was last called',
    file: 'extension/adapters/badge.ts',
    find: 'change({ calling: title, calledAt: clock() })',
    replace: 'change({ calling: title, calledAt: null })',
    test: {
      project: 'unit',
      file: 'extension/adapters/badge.test.ts',
      title: 'also where every worker dies',
    },
  },
  {
    attack: 'C21',
    removes: 'nothing of a call is judged while the vault is locked',
    file: 'wallet/proxy/admit.ts',
    find: '  if (!site) return null\n',
    replace:
      "  if (provider) findEndpoint(provider, 'POST', parseCallUrl(url))\n  if (!site) return null\n",
    test: { project: 'attack', file: LOCKED, title: 'C21: says so to every caller' },
  },
  {
    attack: 'C45',
    removes: 'methods are taken before the page can replace them',
    file: 'extension/shim/natives.ts',
    find: 'unknown => apply(method, self, args)',
    replace: 'unknown => apply(self[name] as typeof method, self, args)',
    test: { project: 'attack', file: REALM, title: 'C45, C47: after they came' },
  },
  {
    attack: 'C45',
    removes: 'headers reach the browser without an iterator of the page',
    file: 'extension/shim/page-request.ts',
    find: '{ headers: recordOf(headers), body }',
    replace: '{ headers, body }',
    test: { project: 'attack', file: REALM, title: 'C45, C47: after they came' },
  },
  {
    attack: 'C46',
    removes: 'what was read once is not asked for again',
    file: 'extension/shim/page-request.ts',
    find: 'new NativeRequest(seen.input, taken)',
    replace: 'new NativeRequest(seen.input, init)',
    test: { project: 'attack', file: REALM, title: 'C46: getters, proxies and traps' },
  },
  {
    attack: 'C46',
    removes: 'an address is the one the browser keeps',
    file: 'extension/shim/patch-fetch.ts',
    find: 'hrefOf(input) : null',
    replace: 'input.href : null',
    test: { project: 'attack', file: REALM, title: 'C46: an address that says two things' },
  },
  {
    attack: 'C47',
    removes: 'the bridge has a world of its own',
    file: 'extension/adapters/site-scripts.ts',
    find: "js: [BRIDGE_FILE], world: 'ISOLATED'",
    replace: "js: [BRIDGE_FILE], world: 'MAIN'",
    test: { project: 'attack', file: REALM, title: 'C47: finds nothing of the extension' },
  },
  {
    attack: 'C48',
    removes: 'a call has no fields but its own',
    file: 'wallet/protocol/page-messages.ts',
    find: 'export const callStartSchema = z.strictObject({',
    replace: 'export const callStartSchema = z.object({',
    test: { project: 'attack', file: MESSAGES, title: 'C48: is refused by its schema' },
  },
  {
    attack: 'C48',
    removes: 'the bridge takes any message',
    file: 'extension/bridge/bridge.ts',
    find: 'switch (message?.type) {',
    replace: 'switch (message.type) {',
    test: { project: 'attack', file: MESSAGES, title: 'is nothing to the bridge' },
  },
  {
    attack: 'C50',
    removes: 'the shim makes no script of text, which a policy forbids',
    file: 'extension/shim/start.ts',
    find: 'const channel = new Channel(window)',
    replace: "const channel = new Function('it', 'return it')(new Channel(window))",
    test: {
      project: 'attack',
      file: POLICIES,
      title: "default-src 'none'; script-src 'none'; connect-src 'none'",
    },
  },
]
