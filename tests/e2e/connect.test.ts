import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import type * as Sdk from 'valetkey'
import { focusedConsentWindow } from '../support/driving/consent-screen.ts'
import { says } from '../support/driving/screens.ts'
import { APP, CHAT_URL, OTHER, PASSPHRASE, useWorld } from './world.ts'

declare global {
  var sdk: typeof Sdk
  var session: Sdk.Session
  var heard: string[]
  var outcome: Promise<string>
}

const CHAT = { capabilities: ['chat'], reason: 'To summarise your notes.' } as const

describe('an app that connects itself', () => {
  const world = useWorld('keys')

  /** A page of the app with the SDK as it is published. */
  async function appPage(origin = APP): Promise<Page> {
    const page = await world.driver.newPage(`${origin}/sdk`)
    await page.waitForFunction('window.sdk')
    return page
  }

  /** Asks, as from a click; what becomes of it is read later. */
  async function ask(page: Page, options: Sdk.ConnectOptions = CHAT): Promise<void> {
    await page.evaluate((wanted) => {
      globalThis.outcome = globalThis.sdk.connect(wanted).then(
        (session) => {
          globalThis.session = session
          return 'connected'
        },
        (error: unknown) => (globalThis.sdk.isValetKeyError(error) ? error.code : String(error)),
      )
    }, options)
  }
  const outcomeOf = (page: Page): Promise<string> => page.evaluate(() => globalThis.outcome)

  async function connected(origin = APP, options: Sdk.ConnectOptions = CHAT): Promise<Page> {
    const page = await appPage(origin)
    await ask(page, options)
    if (await needsAnswer(page)) await world.driver.answerConsent('allow')
    expect(await outcomeOf(page)).toBe('connected')
    return page
  }

  /** A grant of a test before may cover it; nothing else answers within this time. */
  async function needsAnswer(page: Page): Promise<boolean> {
    const quick = page.evaluate(() => globalThis.outcome.then(() => false))
    const window = world.driver.browser
      .waitForTarget((target) => target.url().includes('/consent.html'), { timeout: 10_000 })
      .then(() => true)
    window.catch(() => undefined)
    return Promise.race([quick, window])
  }

  async function chat(page: Page): Promise<{ status: number; code: string | null; text: string }> {
    return page.evaluate(async (url) => {
      const reply = await globalThis.session.fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer valetkey' },
        body: JSON.stringify({
          model: 'gpt-4o-mini',
          messages: [{ role: 'user', content: 'Hi' }],
        }),
      })
      const code = reply.headers.get('x-valetkey-error')
      return { status: reply.status, code, text: await reply.text() }
    }, CHAT_URL)
  }

  it('knows that the extension is there, and nothing more, before anybody was asked (C22)', async () => {
    const page = await appPage(OTHER)

    expect(await page.evaluate(() => globalThis.sdk.walletState())).toBe('not-connected')
    expect(await page.evaluate(() => globalThis.sdk.reconnect())).toBeNull()
  })

  it('is asked about in its own words, and gets no more than was allowed', async () => {
    const page = await appPage(OTHER)
    await ask(page, { ...CHAT, budget: '50.00', providers: ['openai', 'mistral'] })
    const { browser, extensionId } = world.driver
    const window = await focusedConsentWindow(browser, extensionId)
    await says(window, 'To summarise your notes.')
    const text = await window.evaluate(() => document.body.innerText)
    await world.driver.answerConsent('allow')

    expect(text).toContain('other.example.test')
    expect(text).toContain('It would like up to $50.00 a month')
    expect(await outcomeOf(page)).toBe('connected')
    const grant = await page.evaluate(() => globalThis.session.grant)
    expect(grant.budgets).toEqual([{ usd: '5.00', window: 'month' }])
    expect(grant.providers).toEqual([{ provider: 'openai', models: 'any', capabilities: ['chat'] }])
    expect(JSON.stringify(grant)).not.toMatch(/key\w*":/i)
  })

  it('calls with a key it never sees, without any permission of the browser', async () => {
    const page = await connected()

    const reply = await chat(page)

    expect(reply).toMatchObject({ status: 200, code: null })
    expect(reply.text).toContain('The valet parks the car')
    expect(world.fakes.requests.at(-1)).toMatchObject({ key: world.keys.openai, valetKeys: [] })
    expect(world.fakes.requests.at(-1)?.headers['origin']).toBeUndefined()
    const held = await world.driver.browser
      .waitForTarget((target) => target.url().endsWith('/background.js'))
      .then((target) => target.worker())
      .then((worker) =>
        worker?.evaluate((origin) => {
          const { chrome } = globalThis as unknown as {
            chrome: { permissions: { contains(asked: object): Promise<boolean> } }
          }
          return chrome.permissions.contains({ origins: [`${origin}/*`] })
        }, APP),
      )
    expect(held).toBe(false)
  })

  it('streams, aborts to the provider, and knows what it spent', async () => {
    const page = await connected()
    world.fakes.behave({ text: 'word '.repeat(200), gapMs: 20 })
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
        while (!(await reader?.read())?.done);
        return 'ended'
      } catch (error) {
        return error instanceof DOMException ? error.name : String(error)
      }
    }, CHAT_URL)

    expect(outcome).toBe('AbortError')
    await expect
      .poll(() => world.fakes.requests.at(-1)?.reply.aborted, { timeout: 3000 })
      .toBe(true)
    await expect
      .poll(() => page.evaluate(async () => (await globalThis.session.usage()).total.calls), {
        timeout: 3000,
      })
      .toBeGreaterThan(0)
  })

  it('comes back without a question, and after a lock with an unlock alone', async () => {
    await (await connected()).close()
    const page = await appPage()
    expect(await page.evaluate(async () => (await globalThis.sdk.reconnect())?.status)).toBe('on')

    await world.driver.lock()
    await expect
      .poll(() => page.evaluate(() => globalThis.sdk.walletState()), { timeout: 5000 })
      .toBe('locked')
    await world.driver.unlock(PASSPHRASE)
    await expect
      .poll(() => page.evaluate(() => globalThis.sdk.walletState()), { timeout: 5000 })
      .toBe('connected')
  })

  it('hears that it was switched off, and makes no further call', async () => {
    const page = await connected()
    await page.evaluate(() => {
      globalThis.heard = []
      globalThis.session.on('revoked', () => globalThis.heard.push('revoked'))
    })
    const popup = await world.window('popup.html')
    await popup.evaluate(
      (origin) =>
        (
          globalThis as unknown as { chrome: { runtime: { sendMessage(m: object): unknown } } }
        ).chrome.runtime.sendMessage({ method: 'site.switch_off', params: { origin } }),
      APP,
    )

    await expect.poll(() => page.evaluate(() => globalThis.heard)).toEqual(['revoked'])
    expect(await chat(page)).toMatchObject({ status: 403, code: 'grant.revoked' })
  })

  it('is told no, and opens no second window right after (C55)', async () => {
    const page = await appPage('https://quill.example.test')
    await ask(page)
    await world.driver.answerConsent('deny')
    expect(await outcomeOf(page)).toBe('grant.denied')

    await ask(page)
    expect(await outcomeOf(page)).toBe('request.rate_limited')
  })

  it('shows each state on its button, in the page’s language, under the strictest policy', async () => {
    const page = await world.driver.newPage(`${APP}/sdk-button`)
    const shows = () =>
      page.evaluate(() => {
        const button = document.querySelector('valetkey-connect')
        const sheets = button?.shadowRoot?.adoptedStyleSheets.length
        return [button?.getAttribute('state'), button?.shadowRoot?.textContent, sheets]
      })
    const press = async () => {
      const button = await page.$('valetkey-connect >>> button')
      await button?.click()
    }
    await expect.poll(shows).toEqual(['not-connected', 'KI verbinden', 1])

    await press()
    await expect.poll(shows).toEqual(['asking', 'Im ValetKey-Fenster antworten …', 1])
    await world.driver.answerConsent('allow')
    await expect.poll(shows).toEqual(['connected', 'KI verbunden', 1])

    await world.driver.lock()
    await expect.poll(shows, { timeout: 5000 }).toEqual(['locked', 'ValetKey entsperren', 1])
    await world.driver.unlock(PASSPHRASE)
    await expect.poll(shows, { timeout: 5000 }).toEqual(['connected', 'KI verbunden', 1])
    expect(await page.evaluate('window.sessions')).toEqual([true])
  })

  it('gives its grant back', async () => {
    const page = await connected()
    await page.evaluate(() => globalThis.session.disconnect())

    expect(await page.evaluate(() => globalThis.sdk.reconnect())).toBeNull()
    expect(await page.evaluate(() => globalThis.sdk.walletState())).toBe('not-connected')
  })
})
