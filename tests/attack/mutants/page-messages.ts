import type { Edit, Mutant } from './mutant.ts'

const FILE = 'tests/attack/page-messages.test.ts'
const CALL_SCHEMA: Edit = {
  file: 'wallet/protocol/page-messages.ts',
  find: 'export const callStartSchema = z.strictObject({',
  replace: 'export const callStartSchema = z.object({',
}
const ANY_TREE: Edit = {
  file: 'extension/bridge/own-tree.ts',
  find: 'ancestors.length > 0 && ancestors.every((ancestor) => ancestor === origin)',
  replace: 'true',
}
const ANY_TOP: Edit = {
  file: 'extension/background/sender.ts',
  find: 'if (originOf(sender.tab.url) !== origin) return null',
  replace: '',
}

/** What a page says about itself, and says twice. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C15',
    removes: 'a port is taken by the shim’s own event only, never from a message',
    file: 'extension/bridge/page-port.ts',
    find: 'target.addEventListener(offer, (event) => {',
    replace: "for (const type of [offer, 'message']) target.addEventListener(type, (event) => {",
    test: { project: 'attack', file: FILE, title: 'C15: a window message' },
  },
  {
    attack: 'C15',
    removes: 'no bridge stands in a stranger’s page',
    ...ANY_TREE,
    edits: [ANY_TOP],
    test: { project: 'attack', file: FILE, title: 'C15: a stranger that dispatches' },
  },
  {
    attack: 'C15',
    removes: 'the app in a stranger’s page is not the app, whatever domain both name',
    ...ANY_TREE,
    edits: [ANY_TOP],
    test: { project: 'attack', file: FILE, title: 'C15: document.domain' },
  },
  {
    attack: 'C16',
    removes: 'a call has no members but its own',
    ...CALL_SCHEMA,
    test: { project: 'attack', file: FILE, title: 'C16: a call that brings an origin' },
  },
  {
    attack: 'C16',
    removes: 'a page’s hello names nobody: the bridge says its own',
    file: 'extension/bridge/bridge.ts',
    find: 'this.#greet()\n        return',
    replace: 'this.#send(message)\n        return',
    edits: [
      {
        file: 'extension/background/page-ports.ts',
        find: "if (message.appOrigin !== named) throw new WalletError('protocol.invalid_message')",
        replace: 'Object.assign(open.caller, { origin: message.appOrigin })',
      },
    ],
    test: { project: 'attack', file: FILE, title: 'C16: a hello in another app’s name' },
  },
  {
    attack: 'C17',
    removes: 'a call id is used once',
    file: 'extension/background/call-slots.ts',
    find: 'if (this.#seen.has(callId)) throw',
    replace: 'if (this.#seen.size < 0) throw',
    test: { project: 'attack', file: FILE, title: 'C17: a request id is used once' },
  },
  {
    attack: 'C17',
    removes: 'a call id is used once, also after its call',
    file: 'extension/background/call-slots.ts',
    find: '      release()\n',
    replace: '      release()\n      this.#seen.delete(callId)\n',
    test: { project: 'attack', file: FILE, title: 'C17: a request id is used once' },
  },
  {
    attack: 'C18',
    removes: 'a valet key belongs to one origin',
    file: 'extension/adapters/site-index.ts',
    find: 'entry.origin === origin && entry.valetKeyHash === valetKeyHash',
    replace: 'entry.valetKeyHash === valetKeyHash',
    test: { project: 'attack', file: FILE, title: 'C18: a valet key of one approved app' },
  },
  {
    attack: 'C18',
    removes: 'whose a valet key is comes before whether the vault is open',
    file: 'wallet/proxy/admit.ts',
    find: "if (!site && isOurs) throw new WalletError('grant.missing')",
    replace:
      "if (!site && isOurs) throw new WalletError((await ports.openVault()) ? 'grant.missing' : 'vault.locked')",
    test: { project: 'attack', file: FILE, title: 'C1, C18: asked while locked' },
  },
]
