import { beforeEach, describe, expect, it } from 'vitest'
import {
  PAGE_PROTOCOL_VERSION,
  WalletError,
  type ConnectedGrant,
  type GrantId,
} from '@valetkey/wallet/protocol'
import type { Caller } from '@valetkey/wallet/proxy'
import type { AppSurroundings } from './app-requests.ts'
import { FakePort } from './__fixtures__/fake-port.ts'
import { PagePorts } from './page-ports.ts'

const APP: Caller = { origin: 'https://app.example.test', incognito: false }
const HELLO = { type: 'hello', version: PAGE_PROTOCOL_VERSION, appOrigin: APP.origin }
const CONNECT = { type: 'connect', callId: 'c1', request: { capabilities: ['chat'] }, quiet: false }
const GRANT: ConnectedGrant = {
  id: 'AAAAAAAAAAAAAAAAAAAAAA' as GrantId,
  ...{ providers: [], budgets: [], expiresAt: 1 },
}

let connect: AppSurroundings['connectApp']
let ports: PagePorts
let port: FakePort
let held: number

beforeEach(() => {
  held = 0
  connect = () => Promise.resolve(GRANT)
  ports = new PagePorts({
    runCall: () => Promise.resolve({ kind: 'pass' }),
    runSocket: () => Promise.resolve({ kind: 'pass' }),
    keepalive: { hold: () => ((held += 1), () => void (held -= 1)) },
    openCalls: new Map(),
    createTicket: () => 'ticket',
    siteStatus: () => Promise.resolve('none'),
    appStatus: () => Promise.resolve('locked'),
    connectApp: (...asked) => connect(...asked),
    appUsage: () => Promise.reject(new WalletError('grant.missing')),
    disconnectApp: () => Promise.resolve(),
    linkApp: () => Promise.reject(new WalletError('grant.denied')),
    noteSeen: () => Promise.resolve(),
  })
  port = framed()
})

function framed(): FakePort {
  const opened = new FakePort()
  ports.accept(opened, APP, { isFramed: true, isShown: () => Promise.resolve(true) })
  return opened
}

describe('the port of our frame', () => {
  it('serves the app the frame names, where the browser names the same', async () => {
    port.say(HELLO)
    port.say(CONNECT)

    expect(await port.until('ready')).toMatchObject({ site: 'locked' })
    expect(await port.until('connected')).toEqual({ type: 'connected', callId: 'c1', grant: GRANT })
  })

  it.each<[string, object[]]>([
    ['another origin than the tab’s (C16)', [{ ...HELLO, appOrigin: 'https://evil.test' }]],
    ['no origin at all', [{ type: 'hello', version: PAGE_PROTOCOL_VERSION }]],
    ['a question before it is named', [CONNECT]],
    ['another name later', [HELLO, { ...HELLO, appOrigin: 'https://evil.test' }]],
    ['an origin in a question (C15)', [HELLO, { ...CONNECT, origin: 'https://evil.test' }]],
    [
      'a model as long as a book',
      [HELLO, { ...CONNECT, request: wish({ models: ['x'.repeat(201)] }) }],
    ],
    ['no wish at all', [HELLO, { ...CONNECT, request: wish({ capabilities: [] }) }]],
    [
      'a reason that fills the window',
      [HELLO, { ...CONNECT, request: wish({ reason: 'x'.repeat(201) }) }],
    ],
  ])('ends, as C16 has it, with %s', (_, messages) => {
    for (const message of messages) port.say(message)

    expect(port.isOpen).toBe(false)
  })

  it('tells a refusal by its code, and holds the worker while the person is asked', async () => {
    let answer: (error: WalletError) => void = () => undefined
    connect = () => new Promise((_, reject) => (answer = reject))
    port.say(HELLO)
    port.say(CONNECT)
    await expect.poll(() => held).toBe(1)

    answer(new WalletError('grant.denied'))

    expect(await port.until('call.error')).toMatchObject({ callId: 'c1', code: 'grant.denied' })
    expect(held).toBe(0)
  })

  it('withdraws the question of a page that is gone', async () => {
    let isWithdrawn = false
    connect = (_request, _caller, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          isWithdrawn = true
          reject(new WalletError('grant.denied'))
        })
      })
    port.say(HELLO)
    port.say(CONNECT)
    await expect.poll(() => held).toBe(1)

    port.leave()

    expect(isWithdrawn).toBe(true)
  })

  it('takes an id once (C17)', async () => {
    port.say(HELLO)
    port.say(CONNECT)
    await port.until('connected')
    port.say(CONNECT)

    expect(await port.until('call.error')).toMatchObject({ code: 'request.replayed' })
  })

  it('hears of a lock, and the page of the shim does not', async () => {
    const page = new FakePort()
    ports.accept(page, APP)

    await ports.announceToApps()

    expect(port.sent).toEqual([{ type: 'changed', status: 'locked' }])
    expect(page.sent).toEqual([])
  })
})

describe('the port of a switched-on site', () => {
  it.each<[string, object]>([
    ['a question', CONNECT],
    ['what was spent', { type: 'usage', callId: 'c1', grantRef: GRANT.id }],
    ['an end', { type: 'disconnect', callId: 'c1', grantRef: GRANT.id }],
  ])('ends when its page asks for %s (C16)', (_, message) => {
    const page = new FakePort()
    ports.accept(page, APP)

    page.say(message)

    expect(page.isOpen).toBe(false)
  })
})

function wish(change: object): object {
  return { capabilities: ['chat'], ...change }
}
