/** The SDK on the strictest pages there are, in the places it must not serve, and beside copies of itself. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Frame, Page } from 'puppeteer'
import { beforeAll, describe, expect, it } from 'vitest'
import type * as Sdk from 'valetkey'
import { addFrame } from '../attack/attempt.ts'
import { APP, CHAT_URL, EXTENSION_DIR, OTHER, useWorld } from './world.ts'

declare global {
  var sdk: typeof Sdk
  /** A second copy of the package. */
  var copy: typeof Sdk
  var session: Sdk.Session
  var asked: Promise<string>
  var piece: string
}

/** Of another site than the app's: the others share one. */
const STRANGER = 'https://app.stranger.test'
const SWITCHED_ON = 'https://quill.example.test'
const NONCE = 'n0nce'
const SDK_PAGE = `<!doctype html><html lang="en"><title>app</title><script type="module" nonce="${NONCE}">
import * as sdk from "/valetkey/index.js"; window.sdk = sdk</script></html>`
const TWO_COPIES = SDK_PAGE.replace(
  'window.sdk',
  'import * as copy from "/copy/index.js"; window.copy = copy; window.sdk',
)
const SCRIPTS = `script-src 'nonce-${NONCE}' 'self'`
const NO_TEXT = "require-trusted-types-for 'script'; trusted-types 'none'"
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin' }

/** What a page gets of a chat in one format and of one by `fetch`, each streamed. */
interface Streamed {
  readonly chat: string
  readonly pieces: number
  readonly fetched: string
}

/** Asks for the app, as from a click; a grant of a test before covers it. */
function ask(place: Page | Frame): Promise<void> {
  return place.evaluate(() => {
    globalThis.asked = globalThis.sdk.connect({ reason: 'To test.' }).then(
      (session) => {
        globalThis.session = session
        return 'connected'
      },
      (error: unknown) => (globalThis.sdk.isValetKeyError(error) ? error.code : String(error)),
    )
  })
}

function stream(place: Page | Frame): Promise<Streamed> {
  return place.evaluate(async (url) => {
    const { chat: ask, fetch } = globalThis.session
    const messages = [{ role: 'user', content: 'Hi' }] as const
    let chat = ''
    let pieces = 0
    for await (const { choices } of await ask({
      ...{ model: 'openai/gpt-4o-mini', stream: true, messages },
    })) {
      chat += choices[0]?.delta.content ?? ''
      pieces += 1
    }
    const reply = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o-mini', stream: true, messages }),
    })
    return { chat, pieces, fetched: await reply.text() }
  }, CHAT_URL)
}

describe('an app of the SDK', () => {
  const world = useWorld('keys', { appHosts: [new URL(STRANGER).host] })

  beforeAll(async () => {
    const copy = await readFile(join(EXTENSION_DIR, '..', '..', 'sdk', 'dist', 'index.js'), 'utf8')
    world.apps.serve('/copy/index.js', { contentType: 'text/javascript', body: copy })
    await world.driver.switchOnSite(SWITCHED_ON)
  })

  async function appPage(
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body = SDK_PAGE,
    origin = APP,
  ): Promise<Page> {
    world.apps.serve(path, { body, headers })
    const page = await world.driver.newPage(`${origin}${path}`)
    await page.waitForFunction('window.sdk')
    return page
  }

  /** A grant of a test before may cover it; else the person is asked, and allows. */
  async function connect(page: Page): Promise<void> {
    await ask(page)
    const settled = page.evaluate(() => globalThis.asked)
    const asks = world.driver.browser
      .waitForTarget((target) => target.url().includes('/consent.html'), { timeout: 10_000 })
      .then(() => 'asks')
    asks.catch(() => undefined)
    if ((await Promise.race([settled, asks])) === 'asks') await world.driver.answerConsent('allow')
    expect(await settled).toBe('connected')
  }

  async function expectStreams(page: Page): Promise<void> {
    world.fakes.behave({ text: 'one two three four', gapMs: 10 })
    const { chat, pieces, fetched } = await stream(page)
    expect(chat).toBe('one two three four')
    expect(pieces).toBeGreaterThan(3)
    expect(fetched).toContain('[DONE]')
    expect(world.fakes.requests).toHaveLength(2)
  }

  const framesIn = (page: Page): Promise<number> =>
    page.$$eval('iframe[src^="chrome-extension:"]', (frames) => frames.length)

  it.each<[what: string, headers: Record<string, string>, isIsolated: boolean]>([
    ['default-src none', { 'content-security-policy': `default-src 'none'; ${SCRIPTS}` }, false],
    [
      'every directive none, and Trusted Types',
      {
        'content-security-policy':
          `default-src 'none'; ${SCRIPTS}; frame-src 'none'; child-src 'none'; connect-src 'none'; ` +
          `style-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; ${NO_TEXT}`,
      },
      false,
    ],
    [
      'a sandbox that keeps its origin',
      { 'content-security-policy': `sandbox allow-scripts allow-same-origin; ${NO_TEXT}` },
      false,
    ],
    ['COOP and COEP require-corp', coep('require-corp'), true],
    ['COOP and COEP credentialless', coep('credentialless'), true],
    [
      'all of it',
      {
        ...coep('require-corp'),
        'content-security-policy': `default-src 'none'; ${SCRIPTS}; ${NO_TEXT}`,
        'permissions-policy': 'fullscreen=(), clipboard-read=()',
        'referrer-policy': 'no-referrer',
      },
      true,
    ],
  ])('connects and streams under %s', async (what, headers, isIsolated) => {
    const page = await appPage(`/strict-${what.replaceAll(/\W+/g, '-')}`, headers)
    await page.evaluate(() => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        document.title += ` ${effectiveDirective}`
      })
    })

    await connect(page)
    await expectStreams(page)

    expect(await page.evaluate(() => crossOriginIsolated)).toBe(isIsolated)
    expect(await page.title()).toBe('app')
  })

  it('goes on after the person came back: the browser keeps no page with a frame of ours', async () => {
    const page = await appPage('/kept', { 'cache-control': 'max-age=60' })
    await connect(page)

    await page.goto(`${STRANGER}/empty`)
    await page.goBack()
    await page.waitForFunction('window.sdk')
    await page.evaluate(async () => {
      const session = await globalThis.sdk.reconnect()
      if (session) globalThis.session = session
    })

    await expectStreams(page)
    expect(await framesIn(page)).toBe(1)
  })

  it('goes on with its session in a page that was kept, where the person switched the site on', async () => {
    const page = await appPage('/kept-on', { 'cache-control': 'max-age=60' }, SDK_PAGE, SWITCHED_ON)
    await connect(page)
    await page.evaluate(() => {
      addEventListener('pageshow', ({ persisted }) => {
        document.title = `persisted ${String(persisted)}`
      })
    })

    await page.goto(`${STRANGER}/empty`)
    await page.goBack()

    await expect.poll(() => page.title()).toBe('persisted true')
    await expectStreams(page)
    expect(await framesIn(page)).toBe(0)
  })

  it.each<[where: string, frame: Record<string, string>, top: string]>([
    ['a frame of its own site', { src: `${APP}/sdk` }, APP],
    ['a frame of another site', { src: `${APP}/sdk` }, OTHER],
    ['a sandboxed frame', { src: `${APP}/sdk`, sandbox: 'allow-scripts' }, APP],
    [
      'a sandboxed frame that keeps its origin',
      { src: `${APP}/sdk`, sandbox: 'allow-scripts allow-same-origin' },
      APP,
    ],
    ['a frame for all features', { src: `${APP}/sdk`, allow: '*' }, OTHER],
  ])('C113: is refused in %s, with a sentence that says why', async (_, attributes, top) => {
    const page = await world.driver.newPage(`${top}/empty`)
    const frame = await addFrame(page, attributes)
    await frame.waitForFunction('window.sdk')

    expect(await frame.evaluate(refusals)).toEqual(Array.from({ length: 3 }, () => REFUSED))
    expect(await frame.$$('iframe')).toEqual([])
    expect(world.fakes.requests).toEqual([])
  })

  it('C113: is refused in a page that gave up its origin', async () => {
    const page = await appPage('/sandboxed', {
      'content-security-policy': 'sandbox allow-scripts',
    })

    expect(await page.evaluate(refusals)).toEqual(Array.from({ length: 3 }, () => REFUSED))
  })

  it('shares one frame with a second copy and with a library that only knows the events', async () => {
    const page = await appPage('/two', {}, TWO_COPIES)
    await connect(page)
    world.fakes.behave({ text: 'word '.repeat(40), gapMs: 40 })

    const outcome = await page.evaluate(async (url) => {
      const body = JSON.stringify({
        ...{ model: 'gpt-4o-mini', stream: true },
        messages: [{ role: 'user', content: 'Hi' }],
      })
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
      // The first copy is reading while the others come.
      const running = (await globalThis.session.fetch(url, init)).text()
      const { copy } = globalThis
      const ofCopy = await copy.reconnect()
      const found: Sdk.AnnouncedWallet[] = []
      addEventListener('valetkey:announce', (event) => {
        found.push((event as CustomEvent<Sdk.AnnouncedWallet>).detail)
      })
      dispatchEvent(new Event('valetkey:request'))
      const ofLibrary = await found[0]?.connect({ reason: 'To help.' })
      const texts = [ofCopy, ofLibrary].map(async (session) =>
        (await session?.fetch(url, init))?.text(),
      )
      const ends = (await Promise.all([running, ...texts])).map((text) => text?.includes('[DONE]'))
      return { ends, names: found.map(({ info }) => info.name), same: copy === globalThis.sdk }
    }, CHAT_URL)

    expect(outcome).toEqual({
      ends: [true, true, true],
      names: ['ValetKey', 'ValetKey'],
      same: false,
    })
    expect(await framesIn(page)).toBe(1)
  })

  it('loads one frame for two copies that begin at once', async () => {
    const page = await appPage('/at-once', {}, TWO_COPIES)
    const states = await page.evaluate(() => {
      const { copy } = globalThis
      return Promise.all([copy.walletState(), globalThis.sdk.walletState(), copy.walletState()])
    })

    expect(new Set(states).size).toBe(1)
    expect(states[0]).not.toBe('not-installed')
    expect(await framesIn(page)).toBe(1)
  })
})

describe('an app of the SDK where third-party cookies are blocked', () => {
  const world = useWorld('keys', {
    appHosts: [new URL(STRANGER).host],
    preferences: { profile: { cookie_controls_mode: 1 } },
  })

  it('connects and streams', async () => {
    const page = await world.driver.newPage(`${APP}/sdk`)
    await page.waitForFunction('window.sdk')
    const stranger = await addFrame(page, { src: `${STRANGER}/empty` })
    const kept = await stranger.evaluate(() => {
      document.cookie = 'third=party; SameSite=None; Secure'
      return document.cookie
    })
    expect(kept).toBe('')

    await ask(page)
    await world.driver.answerConsent('allow')
    expect(await page.evaluate(() => globalThis.asked)).toBe('connected')
    world.fakes.behave({ text: 'one two three four', gapMs: 10 })
    for (let turn = 0; turn < 3; turn++) {
      expect((await stream(page)).chat).toBe('one two three four')
    }
  })
})

const REFUSED = {
  code: 'request.unsupported',
  message: 'ValetKey does not serve pages in frames.',
  action: 'Open this page in a tab.',
}

/** What each way to begin comes to. */
function refusals(): Promise<readonly object[]> {
  const { connect, reconnect, walletState, isValetKeyError } = globalThis.sdk
  return Promise.all(
    [() => connect(), () => reconnect(), walletState].map((begin) =>
      begin().then(
        () => ({ code: 'none' }),
        (error: unknown) =>
          isValetKeyError(error)
            ? { code: error.code, message: error.message, action: error.action }
            : { code: String(error) },
      ),
    ),
  )
}

function coep(policy: string): Record<string, string> {
  return { ...ISOLATED, 'cross-origin-embedder-policy': policy }
}
