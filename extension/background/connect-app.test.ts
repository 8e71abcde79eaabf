import { beforeEach, describe, expect, it } from 'vitest'
import { type ConnectedGrant, type ErrorCode, type GrantId } from '@valetkey/wallet/protocol'
import { createFakeClock, createSeededRandom } from '@valetkey/wallet/testing'
import { connectApp, type ConnectPorts } from './connect-app.ts'
import type { Answer } from './consents.ts'
import { Denials } from './denials.ts'

const CALLER = { origin: 'https://app.example.test', incognito: false }
const REQUEST = { capabilities: ['chat' as const] }
const GRANT: ConnectedGrant = {
  id: 'AAAAAAAAAAAAAAAAAAAAAA' as GrantId,
  ...{ providers: [], budgets: [], expiresAt: 1 },
}
const clock = createFakeClock(1_800_000_000_000)

let covering: ConnectedGrant | null
let isLocked: boolean
let isConnected: boolean
let isShown: boolean
let says: Answer
let asked: number
let ports: ConnectPorts
let abort: AbortController

beforeEach(() => {
  covering = null
  isLocked = isConnected = false
  isShown = true
  says = 'allow'
  asked = 0
  abort = new AbortController()
  let kept = {}
  const open = () => Promise.resolve(isLocked ? null : {})
  ports = {
    session: { open, openForChore: open },
    apps: {
      findCovering: () => Promise.resolve(covering),
      status: () => Promise.resolve(isConnected ? (isLocked ? 'locked' : 'on') : 'none'),
      read: () => Promise.resolve(GRANT),
    },
    consents: { ask: () => ((asked += 1), Promise.resolve(says)) },
    denials: new Denials(
      { read: () => Promise.resolve(kept), write: (next) => Promise.resolve(void (kept = next)) },
      clock.now,
    ),
    random: createSeededRandom('connect app'),
  } as unknown as ConnectPorts
})

const connect = (quiet = false, caller = CALLER): Promise<ConnectedGrant> =>
  connectApp(
    REQUEST,
    caller,
    { quiet, isShown: () => Promise.resolve(isShown), signal: abort.signal },
    ports,
  )

describe('connectApp', () => {
  it('asks nobody where a grant covers it', async () => {
    covering = GRANT

    expect(await connect()).toBe(GRANT)
    expect(asked).toBe(0)
  })

  it('asks, and gives what was allowed', async () => {
    expect(await connect()).toBe(GRANT)
    expect(asked).toBe(1)
  })

  it.each<[Answer, ErrorCode]>([
    ['deny', 'grant.denied'],
    ['timeout', 'grant.consent_timeout'],
  ])('tells %s as %s', async (answer, code) => {
    says = answer

    await expect(connect()).rejects.toMatchObject({ code: code })
  })

  it('opens no second window right after a no (C55)', async () => {
    says = 'deny'
    await connect().catch(() => undefined)

    await expect(connect()).rejects.toMatchObject({ code: 'request.rate_limited' })
    expect(asked).toBe(1)
    clock.advance(2_000)
    await connect().catch(() => undefined)
    expect(asked).toBe(2)
  })

  it('holds no page to a question it took back by going away', async () => {
    says = 'deny'
    abort.abort()
    await connect().catch(() => undefined)
    abort = new AbortController()
    says = 'allow'

    expect(await connect()).toBe(GRANT)
  })

  it('opens no window for a page in the background (C55)', async () => {
    isShown = false

    await expect(connect()).rejects.toMatchObject({ code: 'grant.consent_required' })
    expect(asked).toBe(0)
  })

  it('asks nobody quietly, and says locked only to an app that is connected (C21)', async () => {
    await expect(connect(true)).rejects.toMatchObject({ code: 'grant.missing' })
    isLocked = true
    await expect(connect(true)).rejects.toMatchObject({ code: 'grant.missing' })
    isConnected = true
    await expect(connect(true)).rejects.toMatchObject({ code: 'vault.locked' })
    expect(asked).toBe(0)
  })

  it('grants nothing in an incognito window (C19)', async () => {
    covering = GRANT

    await expect(connect(false, { ...CALLER, incognito: true })).rejects.toMatchObject({
      code: 'grant.missing',
    })
    expect(asked).toBe(0)
  })
})
