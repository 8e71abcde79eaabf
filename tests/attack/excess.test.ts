import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { APP, CHAT_URL, OTHER, chatInit, fetchFrom, useWorld } from '../e2e/world.ts'
import { heldCalls } from '../e2e/worker-controls.ts'
import { hasShim, tryToSpend } from './attempt.ts'
import { callStart, talk } from './talk.ts'
import { WORKER, WORKER_KINDS, callFromWorker } from './worker-calls.ts'

const POOR = 'https://quill.example.test'
const FIT = 3
const AT_ONCE = 200
/** Three of its calls of a thousand tokens fit, and no fourth. */
const POOR_BUDGET = '0.0020'
const LONG_MS = 120_000

describe('an approved app that wants more than it was given', () => {
  const world = useWorld('site')
  let narrow = ''
  const servers: Server[] = []
  afterAll(() => {
    for (const server of servers) server.close()
  })

  beforeAll(async () => {
    const popup = await world.window('popup.html')
    const { grant } = await askFrom(popup, 'site.get', { origin: APP })
    await popup.close()
    if (!grant) throw new TypeError('The app has no grant.')
    const providers = grant.terms.providers
      .filter(({ provider }) => provider === 'openai')
      .map((each) => ({ ...each, models: ['gpt-4o-mini'] }))
    await world.driver.switchOnSite(OTHER, { ...grant.terms, providers })
    await world.driver.switchOnSite(POOR, {
      ...grant.terms,
      budgets: [{ usd: POOR_BUDGET, window: 'total' }],
      limits: { perMinute: 10_000, parallel: 10_000, maxOutputTokens: 1000 },
    })
    narrow = await world.driver.valetKey(OTHER, 'openai')
  })

  /** The code a call was refused with, or `served`. */
  async function outcomeOf(page: Page, body: object): Promise<string> {
    const reply = await fetchFrom(page, CHAT_URL, chatInit(narrow, body))
    return reply.headers['x-valetkey-error'] ?? (reply.status === 200 ? 'served' : 'unserved')
  }

  /** A web server of this computer: its address. */
  async function serveHere(): Promise<string> {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end('<!doctype html><title>here</title>')
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo // a TCP server has one
    return `http://127.0.0.1:${port}`
  }

  it('C12: finds no way in from a worker of any kind: they have no port', async () => {
    world.apps.serve('/worker.js', WORKER)
    world.fakes.expectValetKeys(true)
    const valetKey = await world.driver.valetKey(APP, 'openai')
    const page = await world.emptyPage()
    for (const kind of WORKER_KINDS) {
      await page.evaluate(callFromWorker, kind, [CHAT_URL, chatInit(valetKey)] as const)
    }

    const calls = world.fakes.requests.filter(({ method }) => method === 'POST')
    expect(calls.map(({ key, valetKeys }) => [key, ...valetKeys])).toEqual(
      WORKER_KINDS.map(() => [null, valetKey]),
    )
    expect(await tryToSpend(world, page)).toBe('served')
  })

  it('C20: a file, and another port of this computer, are nobody, whatever valet key they hold', async () => {
    const file = new URL('../support/spy-extension/log.html', import.meta.url)
    const page = await world.driver.newPage(pathToFileURL(file.pathname).href)
    expect(await tryToSpend(world, page)).toBe('unswapped')
    await page.close()

    const [approved, neighbour] = [await serveHere(), await serveHere()]
    await world.driver.switchOnSite(approved)
    const init = chatInit(await world.driver.valetKey(approved, 'openai'))
    const app = await world.driver.newPage(`${approved}/`)
    expect((await fetchFrom(app, CHAT_URL, init)).status).toBe(200)
    const stranger = await world.driver.newPage(`${neighbour}/`)
    const asked = world.fakes.requests.length
    await fetchFrom(stranger, CHAT_URL, init)

    expect(await hasShim(stranger)).toBe(false)
    expect(await talk(stranger, [await callStart(world, approved)], 0)).toEqual({
      ...{ taken: false, replies: [] },
    })
    expect(world.fakes.requests.slice(asked).filter(({ key }) => key !== null)).toEqual([])
  })

  it('C40: gets no model but the one that was allowed, however it is written', async () => {
    const page = await world.emptyPage(OTHER)
    expect(await outcomeOf(page, {})).toBe('served')
    const others = [
      'gpt-4o',
      'GPT-4O-MINI',
      'gpt-4o-mini ',
      'gpt-4o-mini-2024-07-18',
      'ft:gpt-4o-mini:x',
    ]
    for (const model of others)
      expect([model, await outcomeOf(page, { model })]).toEqual([model, 'grant.model_denied'])

    expect(world.fakes.requests).toHaveLength(1)
  })

  it('C43: cannot make the provider fetch an address, by a picture or a tool', async () => {
    const page = await world.emptyPage(OTHER)
    const image = { type: 'image_url', image_url: { url: 'https://evil.example.test/p.png' } }
    const messages = [{ role: 'user', content: [image] }]

    expect(await outcomeOf(page, { messages })).toBe('grant.capability_denied')
    expect(await outcomeOf(page, { web_search_options: {} })).toBe('grant.capability_denied')
    expect(world.fakes.requests).toEqual([])
  })

  it('C44: cannot ask for more answers or longer ones than were counted', async () => {
    const page = await world.emptyPage(OTHER)
    expect(await outcomeOf(page, { n: 100_000 })).toBe('request.invalid')
    expect(await outcomeOf(page, { max_completion_tokens: -1 })).toBe('request.invalid')
    expect(await outcomeOf(page, { max_completion_tokens: 10_000_000 })).toBe('served')

    expect(world.fakes.requests).toHaveLength(1)
    const sent = JSON.parse(world.fakes.requests[0]?.body.toString() ?? '') as object
    expect(sent).toMatchObject({ max_completion_tokens: 16_384 })
  })

  it('C66, C72: 200 calls at once send what the budget fits; given up right after, they cost their bound', async () => {
    const page = await world.emptyPage(POOR)
    world.fakes.behave({ firstByteDelayMs: LONG_MS })
    const init = chatInit(await world.driver.valetKey(POOR, 'openai'))
    const codes = await page.evaluate(callAtOnce, [CHAT_URL, init, AT_ONCE, FIT] as const)

    expect(codes).toEqual(Array.from({ length: AT_ONCE - FIT }, () => 'budget.exceeded'))
    expect(world.fakes.requests).toHaveLength(FIT)
    const manifest = await world.window('manifest.json')
    await expect.poll(() => heldCalls(manifest)).toBe(0)
    await manifest.close()
    const sent = (await world.driver.usage()).filter(({ ending }) => ending === 'aborted')
    expect(sent.map(({ costSource }) => costSource)).toEqual(['bound', 'bound', 'bound'])
    // What was given up has used the budget up: not one call more fits.
    expect((await fetchFrom(page, CHAT_URL, init)).headers['x-valetkey-error']).toBe(
      'budget.exceeded',
    )
    expect(world.fakes.requests).toHaveLength(FIT)
  })

  it('C62: a body beyond the limit is refused by its size, unread', async () => {
    const page = await world.emptyPage(OTHER)
    const code = await page.evaluate(
      async (url, key) => {
        const body = new Blob([new Uint8Array(64 * 1024 * 1024 + 1)])
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
        const reply = await fetch(url, { method: 'POST', headers, body })
        return reply.headers.get('x-valetkey-error')
      },
      CHAT_URL,
      narrow,
    )

    expect(code).toBe('request.too_large')
    expect(world.fakes.requests).toEqual([])
  })
})

/**
 * Runs in the page: calls all at once, and gives up those without an answer as soon as all others have one.
 * @returns the codes of the others
 */
async function callAtOnce([url, init, count, fit]: readonly [string, object, number, number]) {
  const abort = new AbortController()
  const codes: (string | null)[] = []
  // Where more are sent than fit, the others never come.
  let quietSince = Date.now()
  const watch = setInterval(() => {
    if (Date.now() - quietSince > 15_000) abort.abort()
  }, 500)
  const call = async () => {
    let code: string | null = 'request.rate_limited'
    // So many of an origin are looked at together: the others come again until the budget has judged them.
    for (let round = 0; code === 'request.rate_limited'; round++) {
      if (round > 0) await new Promise((resolve) => setTimeout(resolve, 150))
      const reply = await fetch(url, { ...init, signal: abort.signal })
      code = reply.headers.get('x-valetkey-error')
    }
    codes.push(code)
    quietSince = Date.now()
    if (codes.length >= count - fit) abort.abort()
  }
  await Promise.allSettled(Array.from({ length: count }, call))
  clearInterval(watch)
  return codes
}
