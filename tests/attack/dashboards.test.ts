import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OTHER, useWorld } from '../e2e/world.ts'
import { DASHBOARD_HOSTS, DASHBOARD_PAGES, serveDashboards } from '../support/dashboard-server.ts'
import { asksWithin, captureWindow, closeAsking } from '../support/driving/capture-window.ts'
import { makeKeyOn, pressOn } from '../support/driving/dashboard-page.ts'
import { askFrom } from '../support/driving/extension-messages.ts'
import { says, waitFor } from '../support/driving/screens.ts'
import { SAVE, middleOf, shownToast, toastsOf } from '../support/driving/toast.ts'
import { createTestKey } from '../support/test-keys.ts'
import { addFrame } from './attempt.ts'

const OPENAI = 'https://platform.openai.com'
/** Where the whole key is told to the copy button alone. */
const GOOGLE = 'https://aistudio.google.com'
const LOOKALIKES = [
  'platforrn.openai.com',
  'platform.openai.co',
  'platform.openai.com.example.test',
  'platform-openai.com',
  'xn--platfom-2nf.openai.com',
]
/** The browser runs a script of the host on this one too: what is in it has to know better. */
const WITH_DOT = 'platform.openai.com.'
/** A dashboard whose host nobody promised to the browsers to have TLS for ever. */
const GROQ = 'console.groq.com'
/** Time in which a toast comes where one may. */
const TOAST_MS = 1_500

const plain = createServer((_request, reply) => {
  reply.setHeader('content-type', 'text/html')
  reply.end(`<!doctype html><title>plain</title><p>${createTestKey('groq', 'plain')}</p>`)
})
await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
const plainPlace = `127.0.0.1:${(plain.address() as AddressInfo).port}` // TCP, never a pipe

describe('a dashboard', () => {
  const world = useWorld('keys', {
    providers: ['openai'],
    appHosts: [...DASHBOARD_HOSTS, ...LOOKALIKES, WITH_DOT],
    // Nobody answers there with TLS: else the browser would not try without.
    hosts: { [`${GROQ}:80`]: plainPlace, [`${GROQ}:443`]: '127.0.0.1:9' },
  })

  beforeAll(() => serveDashboards(world.apps, world.fakes))
  afterAll(() => {
    plain.closeAllConnections()
    plain.close()
  })

  const keyCount = async (): Promise<number> => {
    const popup = await world.window('popup.html')
    const { keys } = await askFrom(popup, 'key.list', {})
    await popup.close()
    return keys.length
  }
  /** A page of the real origin that says what a case wants it to. */
  const say = async (text: string, origin = OPENAI): Promise<Page> => {
    const page = await world.emptyPage(origin)
    await page.evaluate((html) => {
      document.body.innerHTML = html
    }, text)
    return page
  }
  const hasToast = async (page: Page): Promise<boolean> => {
    await sleep(TOAST_MS)
    return (await toastsOf(page)).length > 0
  }
  /** Presses Save on the toast as a person does, once it takes a press. */
  const pressSave = async (page: Page): Promise<void> => {
    const { x, y } = middleOf(await shownToast(page), SAVE)
    await sleep(1_000)
    await page.mouse.click(x, y)
  }

  it('C39: a key that administers an organisation is refused with the reason, and nothing is kept', async () => {
    const before = await keyCount()
    const page = await world.driver.newPage(DASHBOARD_PAGES.openaiAdmin)
    await makeKeyOn(page, 'Everything')
    const toast = await shownToast(page)

    expect([...toast.buttons.keys()]).not.toContain(SAVE)
    expect(toast.text).toContain('whole account')
    expect(await asksWithin(world.driver, 300)).toBe(false)
    expect(await keyCount()).toBe(before)
  })

  it('C56: hosts that look like it show no toast, and no script of ours is in them', async () => {
    for (const host of LOOKALIKES) {
      const page = await say(createTestKey('openai', host), `https://${host}`)
      expect(await page.evaluate(() => location.hostname)).toBe(host)
      expect([host, await hasToast(page), await ourWorlds(page)]).toEqual([host, false, []])
    }
  })

  it('C56: nor does the host with a dot, another port, the same host without TLS, or the dashboard in a stranger’s page', async () => {
    const port = await say(createTestKey('openai', 'port'), `${OPENAI}:8443`)
    const http = await world.driver.newPage(`http://${GROQ}/`)
    const dot = await say(createTestKey('openai', 'dot'), `https://${WITH_DOT}`)
    const stranger = await world.emptyPage(OTHER)
    const frame = await addFrame(stranger, { src: `${OPENAI}/empty`, width: '700', height: '500' })
    await frame.evaluate(
      (key) => {
        document.body.textContent = key
      },
      createTestKey('openai', 'framed'),
    )

    expect(await port.evaluate(() => location.port)).toBe('8443')
    expect(await http.evaluate(() => location.protocol)).toBe('http:')
    expect(await dot.evaluate(() => location.hostname)).toBe(WITH_DOT)
    expect(await frame.evaluate(() => location.origin)).toBe(OPENAI)
    await sleep(TOAST_MS)
    for (const page of [port, http, dot, stranger]) {
      await page.bringToFront()
      expect(await toastsOf(page)).toEqual([])
    }
    expect(await frame.$('valetkey-toast')).toBe(null)
  })

  it('C56: the popup opened there warns, and does not switch the site on', async () => {
    const site = encodeURIComponent('https://platform.openai.co')
    const popup = await world.window(`popup.html?site=${site}`)
    await says(popup, 'platform.openai.com')

    expect(await popup.$('::-p-aria([role="switch"])')).toBe(null)
    await popup.close()
  })

  it('C57: a key somebody else wrote into a page of the provider is only proposed, with where it is from', async () => {
    const before = await keyCount()
    const key = createTestKey('openai', 'from a stranger')
    const page = await say(`<article><p>Try mine: ${key}</p></article>`)
    await pressSave(page)
    const window = await captureWindow(world.driver)

    await says(window, 'platform.openai.com')
    await says(window, key.slice(-4))
    expect(await window.evaluate(() => document.body.innerText)).not.toContain(key)
    expect(await keyCount()).toBe(before)
    await closeAsking(world.driver)
    expect(await keyCount()).toBe(before)
  })

  it('C58: beside a key of the same provider it says so before it saves another; the same one it does not save', async () => {
    const before = await keyCount()
    const page = await say(`<p>${createTestKey('openai', 'planted')}</p>`)
    await pressSave(page)
    const window = await captureWindow(world.driver)
    await says(window, 'somebody else')
    await closeAsking(world.driver)

    await page.close()
    const again = await say(`<p>${world.keys.openai}</p>`)
    await pressSave(again)
    const known = await captureWindow(world.driver)
    await says(known, 'already')
    expect(await known.$('::-p-aria([name="Save key"][role="button"])')).toBe(null)
    await closeAsking(world.driver)
    // That page had the key itself: the sweep is for everywhere else.
    await again.close()
    expect(await keyCount()).toBe(before)
  })

  it('C59: what a page copies is labelled so, and saved only once it was seen to work; nothing reads the clipboard', async () => {
    const before = await keyCount()
    const poison = createTestKey('google', 'poison')
    const page = await say('<p>Your key is ready.</p><button>Copy</button>', GOOGLE)
    await page.evaluate(spyOnClipboard)
    await page.evaluate((key) => {
      document.querySelector('button')?.addEventListener('click', () => {
        void navigator.clipboard.writeText(key)
      })
    }, poison)
    await pressOn(page, 'Copy')
    await pressSave(page)
    const window = await captureWindow(world.driver)
    await says(window, 'Copied on aistudio.google.com')
    await says(window, 'does not accept')
    const save = await waitFor(window, 'Save', () =>
      window.$('::-p-aria([name="Save key"][role="button"])'),
    )
    await sleep(800)

    expect(await save.evaluate((button) => button.matches(':disabled'))).toBe(true)
    await closeAsking(world.driver)
    expect(await keyCount()).toBe(before)
    expect(await page.evaluate(() => (window as unknown as { reads: number }).reads)).toBe(0)
  })

  it('C60: ten thousand keys and text made to be slow bring one toast, and the page goes on', async () => {
    const decoys = Array.from({ length: 10_000 }, (_, at) => createTestKey('openai', `decoy ${at}`))
    const slow = ['sk-proj-'.repeat(20_000), 'AIza'.repeat(40_000), `sk-${'-'.repeat(100_000)}`]
    const page = await say('')
    await page.evaluate(
      (texts) => {
        for (const text of texts) {
          const line = document.createElement('p')
          line.textContent = text
          document.body.append(line)
        }
      },
      [...decoys, ...slow],
    )
    await shownToast(page)
    await sleep(TOAST_MS)

    expect(await toastsOf(page)).toHaveLength(1)
    expect(await page.evaluate(() => document.body.childElementCount)).toBe(10_003)
  })

  it('C55: many keys at once, and one after the other, open one window', async () => {
    const page = await say('')
    for (let at = 0; at < 12; at++) {
      await page.evaluate(
        (text) => {
          const line = document.createElement('p')
          line.textContent = text
          document.body.prepend(line)
        },
        createTestKey('openai', `storm ${at}`),
      )
      await sleep(60)
    }
    await pressSave(page)
    await captureWindow(world.driver)
    await page.bringToFront()
    expect((await toastsOf(page)).length).toBeLessThanOrEqual(1)
    const [next] = await toastsOf(page)
    const save = next?.buttons.get(SAVE)
    if (save) await page.mouse.click(save.x + save.width / 2, save.y + save.height / 2)
    await sleep(500)

    const windows = world.driver.browser
      .targets()
      .filter((one) => one.url().includes('consent.html'))
    expect(windows).toHaveLength(1)
    await closeAsking(world.driver)
  })
})

/** The worlds of our scripts in a page: a script that is there has one, whatever it does. */
async function ourWorlds(page: Page): Promise<readonly string[]> {
  const session = await page.createCDPSession()
  const origins: string[] = []
  session.on('Runtime.executionContextCreated', ({ context }) => origins.push(context.origin))
  await session.send('Runtime.enable')
  await session.detach()
  return origins.filter((origin) => origin.startsWith('chrome-extension://'))
}

/** Runs in the page: counts what is read from the clipboard, and what is pasted. */
function spyOnClipboard(): void {
  Object.assign(window, { reads: 0 })
  const count = () => {
    ;(window as unknown as { reads: number }).reads += 1
  }
  const { read, readText } = Clipboard.prototype
  Clipboard.prototype.read = function (...options) {
    count()
    return read.apply(this, options)
  }
  Clipboard.prototype.readText = function () {
    count()
    return readText.call(this)
  }
  document.addEventListener('paste', count, true)
}
