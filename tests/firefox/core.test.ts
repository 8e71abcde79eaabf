import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'puppeteer'
import { startAppServer, type AppServer } from '../support/app-server.ts'
import { startFakeProviders, type FakeProviders } from '../support/fake-providers.ts'
import { createTestKey } from '../support/test-keys.ts'
import { launchFirefox, type Firefox } from './firefox.ts'

const APP = 'https://app.example.test'
const OTHER = 'https://other.example.test'
const CHAT_URL = 'https://api.openai.com/v1/chat/completions'
const KEY = createTestKey('openai', 'firefox')
const WAIT = { timeout: 20_000 }

let fakes: FakeProviders
let apps: AppServer
let firefox: Firefox
let valetKey: string

beforeAll(async () => {
  fakes = await startFakeProviders({ keys: { openai: [KEY] } })
  apps = await startAppServer()
  firefox = await launchFirefox({ ...fakes.hostMap, ...apps.hostMap })
})

afterAll(async () => {
  await firefox.close()
  await apps.close()
  await fakes.close()
})

/** What an app asks, as `fetch` and `XMLHttpRequest` send it. */
const question = (stream: boolean) =>
  JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }], stream })

const textOf = (page: Page) => page.evaluate(() => document.body.innerText)

describe('the extension in Firefox', () => {
  it('makes a vault, takes a key and tests it', async () => {
    await firefox.ask('vault.create', { passphrase: 'correct horse battery staple' })
    const { test } = await firefox.ask('key.add', { provider: 'openai', secret: KEY, label: 'one' })

    expect(test.outcome).toBe('works')
    expect(await firefox.ask('status.get', {})).toMatchObject({ vault: 'unlocked' })
  })

  it('is switched on for a site by the popup and the consent window', async () => {
    const popup = await firefox.window(`popup.html?site=${encodeURIComponent(APP)}`)
    await expect.poll(() => textOf(popup), WAIT).toContain('app.example.test')
    const control = await popup.waitForSelector('[role=switch]')
    await control?.click()
    const consent = await firefox.findWindow('consent.html')
    await expect.poll(() => textOf(consent), WAIT).toContain('Let this site use your AI?')
    const allow = await consent.waitForSelector('::-p-text(Allow):not([disabled])')
    // Its button waits for the eyes to arrive.
    await expect
      .poll(() => allow?.evaluate((button) => button.matches(':enabled')), WAIT)
      .toBe(true)
    await allow?.click()

    await expect
      .poll(async () => (await firefox.ask('site.get', { origin: APP })).state, WAIT)
      .toBe('on')
    const { grant } = await firefox.ask('site.get', { origin: APP })
    valetKey = grant?.valetKeys[0]?.key ?? ''
    expect(valetKey).toMatch(/^sk-VALET/)
  })

  it('streams by fetch: the first piece long before the last, and the key nowhere in the page', async () => {
    fakes.reset()
    fakes.behave({ text: 'one two three four five six seven eight', gapMs: 60 })
    const page = await firefox.visit(`${APP}/empty`)
    const seen = await page.evaluate(
      async (url, key, body) => {
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
        const reply = await fetch(url, { method: 'POST', headers, body })
        const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader()
        const times: number[] = []
        let text = ''
        for (;;) {
          const part = await reader?.read()
          if (!part || part.done) break
          times.push(performance.now())
          text += part.value
        }
        return { status: reply.status, url: reply.url, text, times }
      },
      CHAT_URL,
      valetKey,
      question(true),
    )

    expect(seen).toMatchObject({ status: 200, url: CHAT_URL })
    expect(seen.text).toContain('[DONE]')
    expect(seen.text).not.toContain(KEY)
    expect((seen.times.at(-1) ?? 0) - (seen.times[0] ?? 0)).toBeGreaterThan(200)
    const [request] = fakes.requests.filter(({ method }) => method === 'POST')
    expect(request).toMatchObject({ key: KEY, valetKeys: [] })
    expect(request?.headers['origin']).toBeUndefined()
    expect(fakes.violations).toEqual([])
    await page.close()
  })

  it('streams by XMLHttpRequest, as responseText grows', async () => {
    fakes.behave({ text: 'one two three four five six seven eight', gapMs: 60 })
    const page = await firefox.visit(`${APP}/empty`)
    const lengths = await page.evaluate(
      (url, key, body) =>
        new Promise<number[]>((resolve, reject) => {
          const grown: number[] = []
          const xhr = new XMLHttpRequest()
          xhr.open('POST', url)
          xhr.setRequestHeader('authorization', `Bearer ${key}`)
          xhr.setRequestHeader('content-type', 'application/json')
          xhr.addEventListener('progress', () => grown.push(xhr.responseText.length))
          xhr.addEventListener('load', () => {
            resolve(grown)
          })
          xhr.addEventListener('error', () => {
            reject(new TypeError('the call failed'))
          })
          xhr.send(body)
        }),
      CHAT_URL,
      valetKey,
      question(true),
    )

    expect(new Set(lengths).size).toBeGreaterThan(2)
    await page.close()
  })

  it('stops the provider when the page aborts', async () => {
    fakes.reset()
    fakes.behave({ text: 'word '.repeat(400), gapMs: 30 })
    const page = await firefox.visit(`${APP}/empty`)
    const outcome = await page.evaluate(
      async (url, key, body) => {
        const abort = new AbortController()
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
        const reply = await fetch(url, { method: 'POST', headers, body, signal: abort.signal })
        const reader = reply.body?.getReader()
        await reader?.read()
        abort.abort()
        try {
          for (;;) if ((await reader?.read())?.done !== false) return 'ended'
        } catch (error) {
          return error instanceof DOMException ? error.name : String(error)
        }
      },
      CHAT_URL,
      valetKey,
      question(true),
    )

    expect(outcome).toBe('AbortError')
    await expect.poll(() => fakes.requests[0]?.reply.aborted, WAIT).toBe(true)
    await page.close()
  })

  it('does nothing for another site, and says that it is locked when it is', async () => {
    fakes.reset()
    const call = async (origin: string) => {
      const page = await firefox.visit(`${origin}/empty`)
      const status = await page.evaluate(
        async (url, key, body) => {
          const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
          const reply = await fetch(url, { method: 'POST', headers, body }).catch(() => null)
          return reply ? `${reply.status} ${reply.headers.get('x-valetkey-error') ?? ''}` : 'failed'
        },
        CHAT_URL,
        valetKey,
        question(false),
      )
      await page.close()
      return status
    }
    expect(await call(OTHER)).not.toContain('200')
    expect(fakes.requests.filter(({ key }) => key === KEY)).toEqual([])

    await firefox.ask('vault.lock', {})
    expect(await call(APP)).toContain('vault.locked')
    expect(fakes.requests.filter(({ key }) => key === KEY)).toEqual([])
  })
})
