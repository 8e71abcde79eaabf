/** Apps of the SDK in Firefox: they reach the wallet on sites the person switched on, by our script there. */
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type * as Sdk from 'valetkey'
import { startAppServer, type AppServer } from '../support/app-server.ts'
import { startFakeProviders, type FakeProviders } from '../support/fake-providers.ts'
import { createTestKey } from '../support/test-keys.ts'
import { launchFirefox, type Firefox } from './firefox.ts'

declare global {
  var sdk: typeof Sdk
  var session: Sdk.Session
  var outcome: Promise<string>
}

const APP = 'https://app.example.test'
const OTHER = 'https://other.example.test'
const CHAT_URL = 'https://api.openai.com/v1/chat/completions'
const PASSPHRASE = 'correct horse battery staple'
const KEY = createTestKey('openai', 'firefox-sdk')
const WAIT = { timeout: 20_000 }

let fakes: FakeProviders
let apps: AppServer
let firefox: Firefox

beforeAll(async () => {
  fakes = await startFakeProviders({ keys: { openai: [KEY] } })
  apps = await startAppServer()
  firefox = await launchFirefox({ ...fakes.hostMap, ...apps.hostMap })
  await firefox.ask('vault.create', { passphrase: PASSPHRASE })
  await firefox.ask('key.add', { provider: 'openai', secret: KEY, label: 'one' })
})

afterAll(async () => {
  await firefox.close()
  await apps.close()
  await fakes.close()
})

const textOf = (page: Page) => page.evaluate(() => document.body.innerText)

async function switchOn(origin: string): Promise<void> {
  const popup = await firefox.window(`popup.html?site=${encodeURIComponent(origin)}`)
  const control = await popup.waitForSelector('[role=switch]')
  await control?.click()
  await allow('Let this site use your AI?')
  await expect.poll(async () => (await firefox.ask('site.get', { origin })).state, WAIT).toBe('on')
}

/** Waits for the consent window, and until its button takes a press. */
async function allow(question: string): Promise<void> {
  const consent = await firefox.findWindow('consent.html')
  await expect.poll(() => textOf(consent), WAIT).toContain(question)
  const button = await consent.waitForSelector('::-p-text(Allow):not([disabled])')
  await expect.poll(() => button?.evaluate((each) => each.matches(':enabled')), WAIT).toBe(true)
  await button?.click()
}

async function appPage(origin: string): Promise<Page> {
  const page = await firefox.visit(`${origin}/sdk`)
  await page.waitForFunction('window.sdk')
  return page
}

function ask(page: Page): Promise<void> {
  return page.evaluate(() => {
    globalThis.outcome = globalThis.sdk.connect({ reason: 'To test Firefox.' }).then(
      (session) => {
        globalThis.session = session
        return 'connected'
      },
      (error: unknown) => (globalThis.sdk.isValetKeyError(error) ? error.code : String(error)),
    )
  })
}

describe('an app of the SDK in Firefox', () => {
  it('finds no wallet on a site nobody switched on', async () => {
    const page = await appPage(OTHER)

    expect(await page.evaluate(() => globalThis.sdk.walletState())).toBe('not-installed')
    await ask(page)
    expect(await page.evaluate(() => globalThis.outcome)).toBe('wallet.not_installed')
    expect(await page.$$('iframe')).toEqual([])
    await page.close()
  })

  it('is asked about where the site is switched on, and connected', async () => {
    await switchOn(APP)
    const page = await appPage(APP)
    expect(await page.evaluate(() => globalThis.sdk.walletState())).toBe('not-connected')
    await page.bringToFront()

    await ask(page)
    await allow('To test Firefox.')

    expect(await page.evaluate(() => globalThis.outcome)).toBe('connected')
    expect(await page.evaluate(() => globalThis.sdk.walletState())).toBe('connected')
    expect(await page.$$('iframe')).toEqual([])
    await page.close()
  })

  it('comes back without a question, streams both ways and stops with the app', async () => {
    fakes.reset()
    fakes.behave({ text: 'one two three four five six seven eight', gapMs: 60 })
    const page = await appPage(APP)
    const seen = await page.evaluate(async (url) => {
      const session = await globalThis.sdk.reconnect()
      if (!session) return null
      globalThis.session = session
      const messages = [{ role: 'user', content: 'Hi' }] as const
      let text = ''
      const times: number[] = []
      const stream = await session.chat({
        ...{ model: 'openai/gpt-4o-mini', stream: true, messages },
      })
      for await (const { choices } of stream) {
        text += choices[0]?.delta.content ?? ''
        times.push(performance.now())
      }
      const reply = await session.fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-4o-mini', messages }),
      })
      const { total } = await session.usage()
      return { text, times, status: reply.status, body: await reply.text(), calls: total.calls }
    }, CHAT_URL)

    expect(seen).toMatchObject({ text: 'one two three four five six seven eight', status: 200 })
    expect((seen?.times.at(-1) ?? 0) - (seen?.times[0] ?? 0)).toBeGreaterThan(200)
    expect(seen?.calls).toBeGreaterThan(0)
    expect(JSON.stringify(seen)).not.toContain(KEY)
    expect(fakes.requests.map(({ key }) => key)).toEqual([KEY, KEY])
    expect(fakes.violations).toEqual([])

    fakes.reset()
    fakes.behave({ text: 'word '.repeat(400), gapMs: 30 })
    const outcome = await page.evaluate(async (url) => {
      const abort = new AbortController()
      const reply = await globalThis.session.fetch(url, {
        ...{ method: 'POST', signal: abort.signal },
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ model: 'gpt-4o-mini', stream: true },
          messages: [{ role: 'user', content: 'Hi' }],
        }),
      })
      const reader = reply.body?.getReader()
      await reader?.read()
      abort.abort()
      try {
        for (;;) if ((await reader?.read())?.done !== false) return 'ended'
      } catch (error) {
        return error instanceof DOMException ? error.name : String(error)
      }
    }, CHAT_URL)
    expect(outcome).toBe('AbortError')
    await expect.poll(() => fakes.requests[0]?.reply.aborted, WAIT).toBe(true)
    await page.close()
  })

  it('hears of a lock, and is refused with its code while it lasts', async () => {
    const page = await appPage(APP)
    await page.evaluate(async () => {
      const session = await globalThis.sdk.reconnect()
      if (!session) throw new TypeError('There is no session.')
      globalThis.session = session
      session.on('locked', () => {
        document.title = 'locked'
      })
    })
    await firefox.ask('vault.lock', {})

    await expect.poll(() => page.title(), WAIT).toBe('locked')
    const code = await page.evaluate(async (url) => {
      const reply = await globalThis.session.fetch(url, { method: 'POST', body: '{}' })
      return reply.headers.get('x-valetkey-error')
    }, CHAT_URL)
    expect(code).toBe('vault.locked')
    await page.close()
  })
})
