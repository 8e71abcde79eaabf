import type { Mutant } from './mutant.ts'

const SENDER = 'extension/background/sender.test.ts'
const PORTS = 'extension/background/page-ports.test.ts'
const CONSENTS = 'extension/background/consents.test.ts'
const MESSAGES = 'wallet/protocol/page-messages.test.ts'

/** The door of the background: who asks, how often, and in which words. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C2',
    removes: 'the top document’s origin is compared with its port',
    file: 'extension/background/sender.ts',
    find: 'new URL(url).origin : null',
    replace: 'new URL(url).origin.replace(/:\\d+$/, "") : null',
    test: { project: 'unit', file: SENDER, title: 'the app framed by its own other port (C2)' },
  },
  {
    attack: 'C6',
    removes: 'an origin that can hold no grant calls nothing',
    file: 'extension/background/sender.ts',
    find: 'origin === undefined || !isGrantableOrigin(origin)',
    replace: 'origin === undefined',
    test: { project: 'unit', file: SENDER, title: 'a host with a trailing dot (C6)' },
  },
  {
    attack: 'C7',
    removes: 'an opaque origin is nobody, whatever its address says',
    file: 'extension/background/sender.ts',
    find: 'const { origin } = sender',
    replace: "const origin = sender.origin === 'null' ? originOf(sender.url) : sender.origin",
    edits: [
      {
        file: 'extension/background/sender.ts',
        find: 'origin === undefined || !isGrantableOrigin(origin)',
        replace: 'origin === undefined || origin === null || !isGrantableOrigin(origin)',
      },
    ],
    test: { project: 'unit', file: SENDER, title: 'a sandboxed frame, whatever its URL (C7, F8)' },
  },
  {
    attack: 'C10',
    removes: 'the top document must be the caller’s',
    file: 'extension/background/sender.ts',
    find: 'if (originOf(sender.tab.url) !== origin) return null',
    replace: '',
    test: { project: 'unit', file: SENDER, title: 'the app framed by another site (C10)' },
  },
  {
    attack: 'C13',
    removes: 'a document that is not shown calls nothing',
    file: 'extension/background/sender.ts',
    find: "sender.documentLifecycle !== undefined && sender.documentLifecycle !== 'active'",
    replace: "sender.documentLifecycle === 'pending_deletion'",
    test: { project: 'unit', file: SENDER, title: 'a prerendered document (C13)' },
  },
  {
    attack: 'C19',
    removes: 'an incognito page is told apart',
    file: 'extension/background/sender.ts',
    find: 'incognito: sender.tab.incognito === true',
    replace: 'incognito: false',
    test: { project: 'unit', file: SENDER, title: 'in an incognito window (C19)' },
  },
  {
    attack: 'C16',
    removes: 'a page’s hello names no origin',
    file: 'extension/background/page-ports.ts',
    find: "message.type === 'hello' && message.appOrigin !== undefined",
    replace: "message.type === 'hello' && message.appOrigin === ''",
    test: {
      project: 'unit',
      file: PORTS,
      title: 'is closed for',
    },
  },
  {
    attack: 'C16',
    removes: 'a call has no members but its own',
    file: 'wallet/protocol/page-messages.ts',
    find: 'export const callStartSchema = z.strictObject({',
    replace: 'export const callStartSchema = z.object({',
    test: { project: 'unit', file: PORTS, title: 'a tab id (C16)' },
  },
  {
    attack: 'C16',
    removes: 'a call has no members but its own',
    file: 'wallet/protocol/page-messages.ts',
    find: 'export const callStartSchema = z.strictObject({',
    replace: 'export const callStartSchema = z.object({',
    test: { project: 'unit', file: MESSAGES, title: 'its own tab (C16)' },
  },
  {
    attack: 'C17',
    removes: 'a call id is used once on its port',
    file: 'extension/background/call-slots.ts',
    find: '      release()\n',
    replace: '      release()\n      this.#seen.delete(callId)\n',
    test: { project: 'unit', file: PORTS, title: 'that was used before (C17)' },
  },
  {
    attack: 'C48',
    removes: 'a message has no members but its own',
    file: 'wallet/protocol/page-messages.ts',
    find: "z.strictObject({ type: z.literal('status') })",
    replace: "z.object({ type: z.literal('status') })",
    test: { project: 'unit', file: MESSAGES, title: 'constructor (C48)' },
  },
  {
    attack: 'C55',
    removes: 'one question is shown at a time',
    file: 'extension/background/consents.ts',
    find: 'if (pending?.windowId !== null || all.some((item) => item.windowId !== null)) return',
    replace: 'if (pending?.windowId !== null) return',
    test: { project: 'unit', file: CONSENTS, title: 'are shown one at a time' },
  },
  {
    attack: 'C55',
    removes: 'a no is a no to all the site asked',
    file: 'extension/background/consents.ts',
    find: "if (pending.kind === 'call' && answer === 'deny') await this.#denyRest(pending.origin)",
    replace: '',
    test: { project: 'unit', file: CONSENTS, title: 'of one site all end with one no' },
  },
  {
    attack: 'C61',
    removes: 'an origin has so many ports and no more',
    file: 'extension/background/page-ports.ts',
    find: 'ofOrigin.length >= PORTS_PER_ORIGIN',
    replace: 'ofOrigin.length > PORTS_PER_ORIGIN',
    test: { project: 'unit', file: PORTS, title: 'of one origin are capped' },
  },
  {
    attack: 'C61',
    removes: 'ports are counted by origin',
    file: 'extension/background/page-ports.ts',
    find: '.filter((open) => open.caller.origin === caller.origin)',
    replace: '',
    test: { project: 'unit', file: PORTS, title: 'of one origin are capped' },
  },
  {
    attack: 'C88',
    removes: 'answers are taken one after the other',
    file: 'extension/background/consents.ts',
    find: 'claim(id: string): Promise<Pending | null> {\n    return this.#alone(async () => {',
    replace:
      'claim(id: string): Promise<Pending | null> {\n    return (<T>(step: () => T) => step())(async () => {',
    test: { project: 'unit', file: CONSENTS, title: 'take one answer only' },
  },
]
