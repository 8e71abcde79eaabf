import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { choose, fill, press, says, waitFor } from '../support/driving/screens.ts'
import { focusedConsentWindow } from '../support/driving/consent-screen.ts'
import { findings } from './axe.ts'
import { APP, CHAT_URL, chatInit, fetchFrom, useWorld } from './world.ts'

describe('an app in the dashboard', () => {
  const world = useWorld('site')

  const openApp = async (): Promise<Page> => {
    const page = await world.window('dashboard.html#apps')
    await waitFor(page, 'app', () => page.$('::-p-aria([role="link"]) ::-p-text(app.example.test)'))
    await page.evaluate(() => {
      document.querySelector<HTMLAnchorElement>('main ul a')?.click()
    })
    await says(page, 'What it cannot do')
    return page
  }
  /** Its terms are those of a new site, whatever was done to them before. */
  const openNewApp = async (): Promise<Page> => {
    const popup = await world.window('popup.html')
    await askFrom(popup, 'site.switch_off', { origin: APP })
    await popup.close()
    await world.driver.switchOnSite(APP)
    return openApp()
  }
  const call = async (body: object = {}) => {
    const page = await world.emptyPage()
    const key = await world.driver.valetKey(APP, 'openai')
    return { page, reply: fetchFrom(page, CHAT_URL, chatInit(key, body)) }
  }

  it('that is switched off stops answering within a second (C74)', async () => {
    const page = await openNewApp()
    world.fakes.behave({ text: 'word '.repeat(4000), gapMs: 30 })
    const app = await world.emptyPage()
    const key = await world.driver.valetKey(APP, 'openai')
    await app.evaluate(readStream, CHAT_URL, chatInit(key, { stream: true }))
    // A tab in the background takes no press.
    await page.bringToFront()
    await press(page, 'button', 'Switch off')
    await says(page, 'Running answers stop at once')
    expect(await app.evaluate(() => document.title)).toBe('reading')

    const pressedAt = await page.evaluate(() => Date.now())
    await press(page, 'button', 'Switch it off')
    await waitFor(app, 'end of the stream', async () =>
      (await app.evaluate(() => document.title)).startsWith('ended') ? true : null,
    )
    const [, endedAt] = (await app.evaluate(() => document.title)).split(' ')
    // `press` itself waits 100 ms for the button to rest.
    expect(Number(endedAt) - pressedAt).toBeLessThan(1_000)
    await says(page, 'You took its access back.')
    await page.close()
  })

  it('is changed with the change in words, which then holds', async () => {
    const page = await openNewApp()
    expect(await findings(page)).toEqual([])
    await press(page, 'button', 'Change what it may do')
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll('details')) fold.open = true
    })
    await fill(page, 'Calls at once', 'many')
    await says(page, 'type calls at once as a whole number')
    await fill(page, 'Calls at once', '2')
    await press(page, 'checkbox', 'Any model')
    await press(page, 'checkbox', 'gpt-4o-mini')
    expect(await findings(page)).toEqual([])
    await press(page, 'button', 'Review the change')
    await says(page, '4 → 2')
    expect(await findings(page)).toEqual([])
    await press(page, 'button', 'Save the change')
    await says(page, 'or 2 at once')

    const { reply } = await call()
    expect((await reply).headers['x-valetkey-error']).toBe('grant.model_denied')
    expect(world.fakes.requests).toEqual([])
    await page.close()
  })

  it('asks about every call where it was told to, and less often once the person says so', async () => {
    const page = await openNewApp()
    await press(page, 'button', 'Change what it may do')
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll('details')) fold.open = true
    })
    await choose(page, 'When to ask', 'always')
    await press(page, 'button', 'Review the change')
    await says(page, 'never → before every call')
    await press(page, 'button', 'Save the change')
    await says(page, 'It cannot make any call without asking you.')

    const first = await call()
    await world.driver.answerConsent('allow')
    expect((await first.reply).status).toBe(200)

    const second = await call()
    const { browser, extensionId } = world.driver
    const consent = await focusedConsentWindow(browser, extensionId)
    await says(consent, 'You wanted to be asked about every call of this site.')
    await says(consent, 'With an answer of usual length it is about $')
    await press(consent, 'button', 'Ask me less often')
    await says(consent, 'Then calls of up to')
    const closed = new Promise((resolve) => consent.once('close', resolve))
    await pressAllow(consent, 'Allow, and ask above')
    await closed
    expect((await second.reply).status).toBe(200)
    // It costs no more than what was allowed unasked.
    expect((await (await call()).reply).status).toBe(200)
    await page.close()
  })
})

/** The amount on the button is the person's to change. */
async function pressAllow(page: Page, begins: string): Promise<void> {
  const name = await waitFor(page, begins, () =>
    page.evaluate(
      (wanted) =>
        [...document.querySelectorAll('button')]
          .map(({ textContent }) => textContent)
          .find((text) => text.startsWith(wanted)) ?? null,
      begins,
    ),
  )
  await press(page, 'button', name)
}

/** Runs in the app: reads a stream, and says in the title that it does, and when it ended. */
async function readStream(url: string, init: object): Promise<void> {
  const reply = await fetch(url, init)
  const reader = reply.body?.getReader()
  await reader?.read()
  document.title = 'reading'
  void (async () => {
    try {
      while ((await reader?.read())?.done === false) continue
    } catch {
      // A broken stream has ended too.
    }
    document.title = `ended ${String(Date.now())}`
  })()
}
