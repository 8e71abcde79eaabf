import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { consentWindow } from '../support/driving/consent-screen.ts'
import { choose, fill, press, says, waitFor } from '../support/driving/screens.ts'
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
  const call = async (body: object = {}) => {
    const page = await world.emptyPage()
    const key = await world.driver.valetKey(APP, 'openai')
    return { page, reply: fetchFrom(page, CHAT_URL, chatInit(key, body)) }
  }

  it('that is switched off stops answering within a second (C74)', async () => {
    const page = await openApp()
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
    await world.driver.switchOnSite(APP)
  })

  it('is changed with the change in words, which then holds', async () => {
    const page = await openApp()
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

  it('asks about a call, once or less often from then on; by keyboard alone', async () => {
    const page = await openApp()
    await press(page, 'button', 'Change what it may do')
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll('details')) fold.open = true
    })
    await press(page, 'checkbox', 'Any model')
    await choose(page, 'When to ask', 'always')
    await press(page, 'button', 'Review the change')
    await says(page, 'never → before every call')
    await press(page, 'button', 'Save, and allow more')
    await says(page, 'It cannot make any call without asking you.')

    const first = await call()
    await world.driver.answerConsent('allow')
    expect((await first.reply).status).toBe(200)

    const second = await call()
    const consent = await consentWindow(world.driver.browser, world.driver.extensionId)
    const session = await consent.createCDPSession()
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: true })
    await says(consent, 'You wanted to be asked about every call of this site.')
    await walkTo(consent, 'Ask me less often')
    await consent.keyboard.press('Enter')
    await says(consent, 'Then calls of up to')
    expect(await findings(consent)).toEqual([])
    const closed = new Promise((resolve) => consent.once('close', resolve))
    await walkTo(consent, 'Allow, and ask above')
    await consent.keyboard.press('Enter')
    await closed
    expect((await second.reply).status).toBe(200)

    const third = await call()
    expect((await third.reply).status).toBe(200)
    await page.close()
  })
})

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

/** Goes on with the Tab key until the control of that name has the focus and can be pressed. */
async function walkTo(page: Page, name: string): Promise<void> {
  await waitFor(page, `“${name}” by the keyboard`, async () => {
    await page.keyboard.press('Tab')
    const isThere = await page.evaluate((wanted) => {
      const control = document.activeElement
      return control?.textContent.startsWith(wanted) === true && !control.matches(':disabled')
    }, name)
    return isThere ? true : null
  })
}
