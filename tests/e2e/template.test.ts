import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { beforeAll, describe, expect, it } from 'vitest'
import { fakeWalletScript, type FakeWalletOptions } from 'valetkey/testing'
import { press, says, waitFor } from '../support/driving/screens.ts'
import { TEMPLATE_PATH, serveTemplate } from '../support/template-app.ts'
import { findings } from './axe.ts'
import { unreached } from './keyboard.ts'
import { APP, OTHER, useWorld } from './world.ts'

const PICTURES = process.env['VALETKEY_PICTURES'] ?? ''

/** OpenAI's stream of one word, as a wallet hands it on. */
const WORD = 'data: {"choices":[{"index":0,"delta":{"content":"Gladly."}}]}\n\ndata: [DONE]\n\n'
const STREAM = {
  headers: { 'content-type': 'text/event-stream' },
  chunks: [WORD],
}

describe('the app of the template', () => {
  const world = useWorld('keys')

  beforeAll(() => serveTemplate(world.apps))

  async function open(origin: string): Promise<Page> {
    const page = await world.driver.newPage(`${origin}${TEMPLATE_PATH}`)
    await page.setViewport({ width: 900, height: 720 })
    return page
  }

  /** With a wallet that answers as told, in place of the real one. */
  async function openWith(options: FakeWalletOptions): Promise<Page> {
    const page = await world.driver.browser.newPage()
    await page.evaluateOnNewDocument(fakeWalletScript(options))
    await page.setViewport({ width: 900, height: 720 })
    await page.goto(`${OTHER}${TEMPLATE_PATH}`)
    return page
  }

  async function ask(page: Page, text: string): Promise<void> {
    const box = await waitFor(page, 'message box', () => page.$('#text'))
    await box.type(text)
    await page.keyboard.press('Enter')
  }

  it('connects, streams an answer, shows what it cost, stops one by Escape, and gives the grant back', async () => {
    const page = await open(APP)
    await picture(page, 'welcome')
    expect(await findings(page)).toEqual([])
    await press(page, 'button', 'Connect AI')
    await world.driver.answerConsent('allow')

    world.fakes.behave({ gapMs: 20 })
    await ask(page, 'Write two lines about a valet')
    await says(page, 'in the trunk')
    await page.waitForSelector('.spent b')
    await expect
      .poll(() => page.$eval('.spent b', (shown) => shown.textContent), { timeout: 5000 })
      .not.toBe('$0.00')
    await picture(page, 'answer')
    expect(await findings(page)).toEqual([])
    expect(await unreached(page)).toEqual([])
    const [used] = (await world.driver.usage()).slice(-1)
    expect(used?.provider).toBe('openai')

    world.fakes.behave({ text: 'word '.repeat(200), gapMs: 20 })
    await ask(page, 'Write more')
    await says(page, 'word word')
    await page.keyboard.press('Escape')
    await expect
      .poll(() => world.fakes.requests.at(-1)?.reply.aborted, { timeout: 3000 })
      .toBe(true)
    await waitFor(page, 'Send', () => page.$('button[type="submit"]'))
    expect(await page.$('[role="alert"]')).toBeNull()

    await press(page, 'button', 'Disconnect')
    await says(page, 'Connect AI')
  })

  it.each([
    ['deny', 'grant.denied', 'You did not allow this.'],
    ['timeout', 'grant.consent_timeout', ''],
  ] as const)(
    'says that the person said %s, and lets them try again',
    async (answer, code, sentence) => {
      const page = await openWith({ answer })
      await press(page, 'button', 'Connect AI')

      const notice = await noticeOf(page, code)
      expect(notice).toContain(sentence)
      expect(await page.$('[data-valetkey="not-connected"]')).not.toBeNull()
      await picture(page, code)
      expect(await findings(page)).toEqual([])
    },
  )

  it.each([
    ['locked', 'vault.locked', 'Unlock ValetKey'],
    ['paused', 'grant.paused', ''],
  ] as const)('says that the wallet is %s, as soon as it is', async (status, code, button) => {
    const page = await openWith({ isConnected: true, replies: { '/chat': STREAM } })
    await ask(page, 'Would you?')
    await says(page, 'Gladly.')
    await setStatus(page, status)

    const notice = await noticeOf(page, code)
    expect(notice).toContain(button)
    expect(await page.evaluate(() => document.body.innerText)).toContain('Gladly.')
    await picture(page, code)
    expect(await findings(page)).toEqual([])

    await setStatus(page, 'on')
    await expect.poll(() => page.$('[role="alert"]')).toBeNull()
  })

  it.each([
    ['the amount is spent', 402, 'budget.exceeded'],
    ['there were too many calls', 429, 'request.rate_limited'],
  ] as const)('says that %s, and asks the same again', async (_what, status, code) => {
    const page = await openWith({
      isConnected: true,
      replies: {
        '/chat': {
          ...{ status, headers: { 'x-valetkey-error': code } },
          chunks: ['{"error":{"message":""}}'],
        },
      },
    })
    await ask(page, 'Would you?')
    await noticeOf(page, code)
    await picture(page, code)
    expect(await findings(page)).toEqual([])

    await page.evaluate((stream) => {
      const { valetkeyFake } = globalThis as unknown as {
        valetkeyFake: { reply(address: string, reply: object): void }
      }
      valetkeyFake.reply('/chat', stream)
    }, STREAM)
    await press(page, 'button', 'Try again')
    await says(page, 'Gladly.')
    expect(await page.$$eval('.user', (said) => said.length)).toBe(1)
  })

  it('keeps what came of an answer that is cut, says so, and asks the same again', async () => {
    const page = await open(APP)
    await press(page, 'button', 'Connect AI')
    await world.driver.answerConsent('allow')
    const heal = world.fakes.behave({ text: 'word '.repeat(50), gapMs: 20, cutAfterWrites: 12 })
    await ask(page, 'Would you?')
    expect(await noticeOf(page, 'provider.network')).toMatch(
      /^The provider could not be reached\.\n/,
    )
    expect(await page.evaluate(() => document.body.innerText)).toContain('word word')
    await picture(page, 'cut')
    expect(await findings(page)).toEqual([])

    heal()
    await press(page, 'button', 'Try again')
    await says(page, 'in the trunk')
    expect(await page.$$eval('.user', (asked) => asked.length)).toBe(1)
  })

  it('goes back to its beginning when the grant is taken back', async () => {
    const page = await openWith({ isConnected: true })
    await waitFor(page, 'message box', () => page.$('#text'))
    await setStatus(page, 'none')

    await says(page, 'Connect AI')
  })

  it('leads to the extension where there is none', async () => {
    const page = await world.driver.browser.newPage()
    // The frame asks for an extension that nobody has.
    await page.evaluateOnNewDocument(() => {
      Object.defineProperty(HTMLIFrameElement.prototype, 'src', {
        set(this: HTMLIFrameElement, url: string) {
          this.setAttribute('src', url.replace(/[a-p]{32}/, 'a'.repeat(32)))
        },
      })
    })
    await page.goto(`${OTHER}${TEMPLATE_PATH}`)

    await waitFor(page, 'button', () => page.$('[data-valetkey="not-installed"]'))
  })
})

/** @returns what the notice of a code says, once it is there */
async function noticeOf(page: Page, code: string): Promise<string> {
  const notice = await waitFor(page, code, () => page.$(`[role="alert"][data-code="${code}"]`))
  return notice.evaluate((element) => (element as HTMLElement).innerText)
}

async function setStatus(page: Page, status: string): Promise<void> {
  await page.evaluate((next) => {
    const { valetkeyFake } = globalThis as unknown as {
      valetkeyFake: { setStatus(status: string): void }
    }
    valetkeyFake.setStatus(next)
  }, status)
}

/** Keeps a picture, light and dark, for who looks at the screens. */
async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === '') return
  mkdirSync(PICTURES, { recursive: true })
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
    await page.screenshot({ path: join(PICTURES, `${name}-${theme}.png`) })
  }
}
