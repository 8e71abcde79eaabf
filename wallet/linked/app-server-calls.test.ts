import {
  createId,
  decodeRelayFrame,
  encodeRelayFrame,
  type DeviceId,
  type GrantId,
  type RelayFrame,
  type RequestId,
} from '../protocol/index.ts'
import { defaultTerms } from '../grants/index.ts'
import type { ProxyPorts } from '../proxy/index.ts'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
} from '../testing/index.ts'
import { createVault, type OpenVault } from '../vault/index.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { AppServerCalls } from './app-server-calls.ts'
import type { RelayEnd } from '../sync/index.ts'

const random = createSeededRandom('app server calls')
const clock = createFakeClock(1_800_000_000_000)

let opened: OpenVault
let isLocked: boolean
let grant: GrantId
let isAny: boolean
let isInStep: boolean
let calls: AppServerCalls
let socket: RelayEnd
let heard: RelayFrame[]
let wake: () => void

beforeEach(async () => {
  const ports = { store: createMemoryVaultStore(), kdf: fastTestKdf, clock: clock.now, random }
  ;({ vault: opened } = await createVault(ports, 'correct horse battery staple'))
  isLocked = false
  grant = await grantOfServer()
  isAny = true
  isInStep = false
  calls = new AppServerCalls({
    open: () => Promise.resolve(isLocked ? null : opened),
    isInStep: () => isInStep,
    linked: () => ({ isAny: () => Promise.resolve(isAny) }),
    // A call that gets this far finds no terms that allow it: nothing is asked of these.
    proxy: { isPaused: () => Promise.resolve(false) } as unknown as ProxyPorts,
    ...{ clock: clock.now, random },
  })
  heard = []
  socket = serve(null)
})

function serve(account: string | null): RelayEnd {
  return calls.serve((bytes) => {
    const frame = decodeRelayFrame(bytes)
    if (frame) heard.push(frame)
    wake()
  }, account)
}

function grantOfServer(accountId?: string): Promise<GrantId> {
  const seed = 'A'.repeat(43)
  const deviceId = createId<DeviceId>(random)
  return opened.createRecord('grant', {
    subject: { clientId: `vk_cid_${'A'.repeat(22)}`, server: 'https://sync.example.test' },
    terms: { ...defaultTerms({ now: clock.now(), keys: [] }), sealed: 'plain' },
    relay: {
      ...{ name: 'Notes', origin: 'https://app.example.test', appKeys: [] },
      ...{ signingSeed: seed, exchangeKeys: [{ seed, notBefore: clock.now() }] },
      ...(accountId !== undefined && { account: { accountId, deviceId, seed } }),
    },
    ...{ status: 'active' as const, createdAt: clock.now(), valetKeys: [] },
  })
}

/** The first frame of the wallet on a stream. */
async function answerTo(stream: number, of: GrantId): Promise<RelayFrame | undefined> {
  const requestId = createId<'RequestId'>(random) as string as RequestId
  const call = { method: 'POST', path: '/v1/chat/completions', headers: [] }
  const answered = new Promise<void>((resolve) => (wake = resolve))
  socket.receive(
    encodeRelayFrame({ type: 'open', stream, open: { grant: of, requestId, ...call } }),
  )
  await answered
  return heard.find((frame) => frame.stream === stream)
}

const refusal = (code: string) => ({ type: 'rst', error: { code } })

describe('AppServerCalls', () => {
  it('says that this device takes calls only where an app’s server may make some', async () => {
    expect(calls.isOffered).toBe(false)
    expect(await calls.capabilities(opened)).not.toEqual([])
    expect(calls.isOffered).toBe(true)
    isAny = false
    expect(await calls.capabilities(opened)).toEqual([])
    expect(calls.isOffered).toBe(false)
  })

  it('C106: serves nothing before it stands where the server said other devices are', async () => {
    expect(await answerTo(2, grant)).toMatchObject(refusal('relay.wallet_timeout'))
    calls.noteWelcome(7)
    calls.noteApplied(6)
    expect(await answerTo(4, grant)).toMatchObject(refusal('relay.wallet_timeout'))
    calls.noteApplied(7)
    expect(await answerTo(6, grant)).toMatchObject({ type: 'accept' })
  })

  it('serves no grant it has not, none of a site, and none while locked', async () => {
    calls.noteWelcome(1)
    calls.noteApplied(1)
    const ofSite = await opened.createRecord('grant', {
      subject: { origin: 'https://app.example.test' },
      terms: defaultTerms({ now: clock.now(), keys: [] }),
      ...{ status: 'active' as const, createdAt: clock.now(), valetKeys: [] },
    })

    expect(await answerTo(2, createId(random))).toMatchObject(refusal('grant.missing'))
    expect(await answerTo(4, ofSite)).toMatchObject(refusal('grant.missing'))
    isLocked = true
    expect(await answerTo(6, grant)).toMatchObject(refusal('relay.wallet_locked'))
  })

  it('C106: serves at each server what was allowed through it, and nothing else', async () => {
    calls.noteWelcome(1)
    calls.noteApplied(1)
    const [mine, theirs] = ['an account', 'another account']
    const elsewhere = await grantOfServer(mine)

    expect(await answerTo(2, elsewhere)).toMatchObject(refusal('grant.missing'))
    socket = serve(theirs)
    expect(await answerTo(4, elsewhere)).toMatchObject(refusal('grant.missing'))
    expect(await answerTo(6, grant)).toMatchObject(refusal('grant.missing'))
    socket = serve(mine)
    expect(await answerTo(8, elsewhere)).toMatchObject({ type: 'accept' })
  })

  it('C106: waits at other servers too for what the vault’s own says, where that one is there', async () => {
    const elsewhere = await grantOfServer('an account')
    socket = serve('an account')
    isInStep = true
    expect(await answerTo(2, elsewhere)).toMatchObject(refusal('relay.wallet_timeout'))
    calls.noteWelcome(1)
    calls.noteApplied(1)
    expect(await answerTo(4, elsewhere)).toMatchObject({ type: 'accept' })
    calls.noteWelcome(2)
    isInStep = false
    expect(await answerTo(6, elsewhere)).toMatchObject({ type: 'accept' })
  })

  it('ends what runs at every server', async () => {
    calls.noteWelcome(1)
    calls.noteApplied(1)
    const elsewhere = await grantOfServer('an account')
    await answerTo(2, grant)
    socket = serve('an account')
    await answerTo(4, elsewhere)
    heard = []

    calls.stop('all', 'grant.paused')
    await expect.poll(() => heard.length).toBe(2)
  })

  it('ends what runs of one grant, or all of it', async () => {
    calls.noteWelcome(1)
    calls.noteApplied(1)
    const other = await grantOfServer()
    await answerTo(2, grant)
    await answerTo(4, other)
    heard = []

    calls.stop(grant, 'grant.revoked')
    await expect.poll(() => heard).toMatchObject([{ stream: 2, ...refusal('grant.revoked') }])
    calls.stop('all', 'grant.paused')
    await expect.poll(() => heard[1]).toMatchObject({ stream: 4, ...refusal('grant.paused') })
  })
})
