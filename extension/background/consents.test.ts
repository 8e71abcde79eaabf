import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { GrantId } from '@valetkey/wallet/protocol'
import type { CallQuestion, Pending } from '../adapters/consent-store.ts'
import { Consents } from './consents.ts'

const APP = 'https://app.example.test'
const OTHER = 'https://other.example.test'
const GRANT = 'GGGGGGGGGGGGGGGGGGGGGQ' as GrantId

let stored: readonly Pending[]
let opened: string[]
let closed: number[]
let focused: number[]
let allowedOrigins: string[]
let consents: Consents

beforeEach(() => {
  stored = []
  opened = []
  closed = []
  focused = []
  allowedOrigins = []
  consents = new Consents({
    readPending: () => Promise.resolve(stored),
    writePending: (next) => ((stored = next), Promise.resolve()),
    openWindow: async (id) => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      return opened.push(id)
    },
    closeWindow: (id) => (closed.push(id), Promise.resolve()),
    focusWindow: (id) => (focused.push(id), Promise.resolve(!closed.includes(id))),
    mayShow: (origin) => Promise.resolve(allowedOrigins.includes(origin)),
  })
})

const wish = (id: string, origin = APP): Pending => ({ kind: 'site', id, origin, windowId: null })
const question = (id: string, origin = APP): CallQuestion => ({
  kind: 'call',
  id,
  origin,
  grantId: GRANT,
  why: 'unbounded',
  terms: {
    schema: 1,
    providers: [],
    budgets: [],
    limits: { perMinute: 1, parallel: 1, maxOutputTokens: 1 },
    expiresAt: 0,
    lane: 'proxy',
  },
  provider: 'openai',
  model: null,
  boundNanoUsd: null,
  expectedNanoUsd: null,
  windowId: null,
})
const going = (): AbortSignal => new AbortController().signal

describe('questions to the person', () => {
  it('are shown one at a time, however many come at once (C55)', async () => {
    const answers = ['a', 'b', 'c'].map((id) =>
      consents.ask(question(id, `https://${id}.test`), going()),
    )
    await expect.poll(() => opened).toEqual(['a'])
    await consents.settle('a', 'allow')
    await expect.poll(() => opened).toEqual(['a', 'b'])

    expect(await answers[0]).toBe('allow')
    expect(closed).toEqual([1])
    expect(stored).toHaveLength(2)
  })

  it('of one site all end with one no: it cannot ask until a yes slips out (C55)', async () => {
    const answers: string[] = []
    for (const id of ['a', 'b', 'c']) {
      void consents.ask(question(id), going()).then((answer) => answers.push(answer))
    }
    await expect.poll(() => opened).toEqual(['a'])

    await consents.settle('a', 'deny')

    await expect.poll(() => answers).toEqual(['deny', 'deny', 'deny'])
    expect(opened).toEqual(['a'])
  })

  it('take one answer only, whoever comes first (C88)', async () => {
    await consents.add(wish('a'))

    const claims = await Promise.all([consents.claim('a'), consents.claim('a')])

    expect(claims.filter((claim) => claim !== null)).toHaveLength(1)
  })

  it('of one site go on when a page takes one of them back: nobody said no', async () => {
    const abort = new AbortController()
    const first = consents.ask(question('a'), abort.signal)
    const second = consents.ask(question('b'), going())
    await expect.poll(() => opened).toEqual(['a'])

    abort.abort()

    expect(await first).toBe('deny')
    await expect.poll(() => opened).toEqual(['a', 'b'])
    await consents.settle('b', 'allow')
    expect(await second).toBe('allow')
  })

  it('of one grant that cost no more than was allowed for good go on unasked', async () => {
    const costing = (id: string, boundNanoUsd: number | null) =>
      consents.ask({ ...question(id), why: 'above', boundNanoUsd }, going())
    const answers = [costing('a', 40), costing('b', 50), costing('c', 51), costing('d', null)]
    const other = consents.ask(
      { ...question('e', OTHER), grantId: `${GRANT.slice(0, 21)}g` as GrantId, boundNanoUsd: 1 },
      going(),
    )
    await expect.poll(() => opened).toEqual(['a'])

    await consents.settle('a', 'allow')
    await consents.allowUpTo(GRANT, 50)

    expect(await Promise.all(answers.slice(0, 2))).toEqual(['allow', 'allow'])
    expect(stored.map(({ id }) => id)).toEqual(['c', 'd', 'e'])
    await consents.settle('e', 'deny')
    expect(await other).toBe('deny')
    await consents.settle('c', 'deny')
    expect(await Promise.all(answers.slice(2))).toEqual(['deny', 'deny'])
  })

  it('are shown next when the one on the screen timed out', async () => {
    vi.useFakeTimers()
    const first = consents.ask(question('a'), going())
    await vi.advanceTimersByTimeAsync(60_000)
    const second = consents.ask(question('b'), going())
    await vi.advanceTimersByTimeAsync(60_001)

    expect(await first).toBe('timeout')
    expect(opened).toEqual(['a', 'b'])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await second).toBe('timeout')
    expect(stored).toEqual([])
    vi.useRealTimers()
  })

  it('about a site come back to the front when it is switched on once more', async () => {
    allowedOrigins.push(APP)
    await consents.add(wish('site'))
    await consents.show('site')

    expect((await consents.showAgain(APP))?.id).toBe('site')
    expect(focused).toEqual([1])
    expect(stored.map(({ id }) => id)).toEqual(['site'])
  })

  it('about a site whose window is gone are asked anew', async () => {
    await consents.add(wish('site'))
    await consents.show('site')
    closed.push(1)

    expect(await consents.showAgain(APP)).toBeNull()
    expect(stored).toEqual([])
  })

  it('end when the call is aborted, also before their window is there', async () => {
    const abort = new AbortController()
    const asking = consents.ask(question('a'), abort.signal)
    abort.abort()

    expect(await asking).toBe('deny')
    await expect.poll(() => stored).toEqual([])
  })

  it('end by themselves after two minutes', async () => {
    vi.useFakeTimers()
    const asking = consents.ask(question('a'), going())
    await vi.advanceTimersByTimeAsync(120_001)

    expect(await asking).toBe('timeout')
    vi.useRealTimers()
  })

  it('that nobody can see end as a no, and are not left behind', async () => {
    const blind = new Consents({
      readPending: () => Promise.resolve(stored),
      writePending: (next) => ((stored = next), Promise.resolve()),
      openWindow: () => Promise.reject(new Error('no window')),
      closeWindow: () => Promise.resolve(),
      focusWindow: () => Promise.resolve(false),
      mayShow: () => Promise.resolve(true),
    })

    await expect(blind.ask(question('a'), going())).rejects.toThrow('no window')
    expect(stored).toEqual([])
  })

  it('of a former worker are dropped; a wish for a site stays', async () => {
    stored = [question('a'), wish('b', OTHER)]

    await consents.dropWaiting()

    expect(stored.map(({ id }) => id)).toEqual(['b'])
  })

  it('about a site wait for the browser permission, then come next', async () => {
    await consents.add(wish('site'))
    const asking = consents.ask(question('a', OTHER), going())
    await expect.poll(() => opened).toEqual(['a'])
    allowedOrigins.push(APP)

    await consents.settle('a', 'allow')

    expect(await asking).toBe('allow')
    expect(opened).toEqual(['a', 'site'])
  })

  it('about the same site replace each other', async () => {
    await consents.add(wish('first'))
    await consents.add(wish('second'))

    expect(stored.map(({ id }) => id)).toEqual(['second'])
  })
})
