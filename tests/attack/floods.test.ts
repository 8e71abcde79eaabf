import { constants, deflateRawSync, gzipSync } from 'node:zlib'
import type { Page } from 'puppeteer'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { heldCalls } from '../e2e/worker-controls.ts'
import { APP, CHAT_URL, OTHER, PASSPHRASE, chatInit, fetchFrom, useWorld } from '../e2e/world.ts'
import { hasShim, inWorker, tryToSpend } from './attempt.ts'

const FRAMES = 100
const OFFERS = 1_000
const PORTS_PER_ORIGIN = 64
const GIBIBYTE = 1024 ** 3
const GAP_LIMIT_MS = 10 * 60_000
const CALL_LIMIT_MS = 60 * 60_000
/** Long past every time a call is given here. */
const PATIENCE_MS = 10_000

describe('more than anybody can take', () => {
  const world = useWorld('nothing')

  beforeAll(async () => {
    await allowIncognito()
    await world.driver.createVault(PASSPHRASE)
    await world.driver.addKey('openai', world.keys.openai)
    for (const site of [APP, OTHER]) await world.driver.switchOnSite(site)
    world.fakes.reset()
  })

  /** The person lets ValetKey into incognito windows; the browser starts it anew for it. */
  async function allowIncognito(): Promise<void> {
    const page = await world.driver.newPage('chrome://extensions')
    const change = { extensionId: world.driver.extensionId, incognitoAccess: true }
    // Chrome starts an unpacked extension again for a developer only.
    await page.evaluate(
      'chrome.developerPrivate.updateProfileConfiguration({ inDeveloperMode: true })',
    )
    await page.evaluate(
      `chrome.developerPrivate.updateExtensionConfiguration(${JSON.stringify(change)})`,
    )
    await page.close()
    await vi.waitUntil(() => isAllowed().catch(() => false), { timeout: PATIENCE_MS })
  }

  async function isAllowed(): Promise<boolean> {
    const popup = await world.window('popup.html')
    const allowed = await popup.evaluate(() => chrome.extension.isAllowedIncognitoAccess())
    await popup.close()
    return allowed
  }

  const streamed = async (body: object = {}) =>
    chatInit(await world.driver.valetKey(APP, 'openai'), { stream: true, ...body })

  /** Makes one of the wallet's long waits a short one. */
  async function shortened(limitMs: number, to: number): Promise<void> {
    await inWorker(world, `(${shortenWait.toString()})(${limitMs}, ${to})`)
  }

  /** The newest entry of the usage log, once no call is held any more. */
  async function settledRow() {
    const page = await world.window('manifest.json')
    await expect.poll(() => heldCalls(page), { timeout: 5000 }).toBe(0)
    await page.close()
    return (await world.driver.usage())[0]
  }

  it('C19: an incognito window of an approved app has no grant, though the shim is there', async () => {
    expect(await tryToSpend(world, await world.emptyPage())).toBe('served')
    const popup = await world.window('popup.html')
    await popup.evaluate(async (url) => {
      await chrome.windows.create({ incognito: true, url })
    }, `${APP}/empty?incognito`)
    await popup.close()
    const target = await world.driver.browser.waitForTarget((one) =>
      one.url().endsWith('?incognito'),
    )
    const page = await target.page()
    if (!page) throw new TypeError('The incognito window shows no page.')
    await page.waitForFunction(() => document.readyState === 'complete')

    expect([await hasShim(page), await tryToSpend(world, page)]).toEqual([true, 'unswapped'])
  })

  it('C61: a flood of frames and ports holds so many and no more, and other apps are served', async () => {
    const page = await world.emptyPage()
    const answered = await page.evaluate(floodWithPorts, FRAMES, OFFERS)

    expect(answered).toBeGreaterThan(PORTS_PER_ORIGIN / 2)
    expect(answered).toBeLessThanOrEqual(PORTS_PER_ORIGIN)
    const other = await world.emptyPage(OTHER)
    const init = chatInit(await world.driver.valetKey(OTHER, 'openai'))
    expect((await fetchFrom(other, CHAT_URL, init)).status).toBe(200)
    await page.close()
    expect(await tryToSpend(world, await world.emptyPage())).toBe('served')
  })

  it('C63: a provider that falls silent is given up, and what it was paid for is settled', async () => {
    const page = await world.emptyPage()
    await shortened(GAP_LIMIT_MS, 400)
    world.fakes.behave({ text: 'word '.repeat(50), gapMs: 6 * PATIENCE_MS, times: 1 })
    const seen = await readToEnd(page, await streamed())

    expect(seen.ending).toBe('error')
    await expect.poll(() => world.fakes.requests.at(-1)?.reply.aborted).toBe(true)
    expect(await settledRow()).toMatchObject({ ending: 'aborted', costSource: 'bound' })

    world.fakes.behave({ firstByteDelayMs: 6 * PATIENCE_MS, times: 1 })
    const silent = await fetchFrom(page, CHAT_URL, await streamed())
    expect(silent.headers['x-valetkey-error']).toBe('provider.unavailable')
  })

  it('C63: an answer that never ends is given up, and what it was paid for is settled', async () => {
    const page = await world.emptyPage()
    await shortened(CALL_LIMIT_MS, 1500)
    world.fakes.behave({
      ...{ body: 'data: {}\n\n'.repeat(10_000), contentType: 'text/event-stream' },
      ...{ pieceBytes: 100, gapMs: 20, times: 1 },
    })
    const seen = await readToEnd(page, await streamed())

    expect(seen.ending).toBe('error')
    expect(seen.bytes).toBeGreaterThan(1000)
    await expect.poll(() => world.fakes.requests.at(-1)?.reply.aborted).toBe(true)
    expect(await settledRow()).toMatchObject({ ending: 'failed', costSource: 'bound' })
  })

  it('C64: a small reply that unpacks to more than a gigabyte ends there; an error that does, sooner', async () => {
    const page = await world.emptyPage()
    const packed = bomb(GIBIBYTE + 16 * 1024 ** 2)
    expect(packed.length).toBeLessThan(2 * 1024 ** 2)
    const zipped = { body: packed, headers: { 'content-encoding': 'gzip' }, times: 1 }
    world.fakes.behave(zipped)
    const seen = await readToEnd(page, await streamed({ stream: false }), 60_000)

    expect(seen.ending).toBe('error')
    expect(seen.bytes).toBeLessThanOrEqual(GIBIBYTE)
    expect(await settledRow()).toMatchObject({ ending: 'failed', costSource: 'bound' })

    world.fakes.behave({ ...zipped, status: 500 })
    const refused = await readToEnd(page, await streamed())
    expect(refused.bytes).toBeLessThanOrEqual(64 * 1024)
  })

  /** Reads an answer in the page as an app does. */
  function readToEnd(
    page: Page,
    init: object,
    patienceMs = PATIENCE_MS,
  ): Promise<{ ending: 'end' | 'error' | 'still open'; bytes: number }> {
    return page.evaluate(readReply, CHAT_URL, init, patienceMs)
  }
})

/** Runs in the page. */
async function readReply(url: string, init: object, patienceMs: number) {
  let bytes = 0
  const read = async () => {
    try {
      const reader = (await fetch(url, init)).body?.getReader()
      for (;;) {
        const part = await reader?.read()
        if (!part || part.done) return 'end' as const
        bytes += part.value.length
      }
    } catch {
      return 'error' as const
    }
  }
  const tired = new Promise<'still open'>((resolve) => {
    setTimeout(() => {
      resolve('still open')
    }, patienceMs)
  })
  return { ending: await Promise.race([read(), tired]), bytes }
}

/** Runs in the page: how many of its frames got a port of their own that is answered. */
async function floodWithPorts(frames: number, offers: number): Promise<number> {
  let answered = 0
  const offer = (scope: Window & typeof globalThis, heard: () => void): void => {
    const { port1, port2 } = new scope.MessageChannel()
    port1.onmessage = heard
    scope.dispatchEvent(
      new scope.MessageEvent('valetkey:port', { ports: [port2], cancelable: true }),
    )
    port1.postMessage({ type: 'hello', version: 1 })
  }
  for (let count = 0; count < frames; count++) {
    const frame = document.createElement('iframe')
    const loaded = new Promise((resolve) => {
      frame.onload = resolve
    })
    frame.srcdoc = 'x'
    document.documentElement.append(frame)
    await loaded
    const scope = frame.contentWindow as (Window & typeof globalThis) | null
    let heard = false
    if (scope) {
      offer(scope, () => {
        if (!heard) answered += 1
        heard = true
      })
    }
  }
  for (let count = 0; count < offers; count++) offer(window, () => undefined)
  await new Promise((resolve) => setTimeout(resolve, 1000))
  return answered
}

/** Runs in the worker. */
function shortenWait(limitMs: number, to: number): void {
  const wait = globalThis.setTimeout
  const abortAfter = AbortSignal.timeout.bind(AbortSignal)
  const shorten = (ms?: number): number => (ms === limitMs ? to : (ms ?? 0))
  Object.assign(globalThis, {
    setTimeout: (work: () => void, ms?: number, ...given: unknown[]) =>
      wait(work, shorten(ms), ...given),
  })
  AbortSignal.timeout = (ms) => abortAfter(shorten(ms))
}

/** Zeros, packed: the same block again and again, which deflate may be joined of. */
function bomb(sizeBytes: number): Buffer {
  const block = 16 * 1024 ** 2
  // Header and footer stand around; a full flush makes the block complete in itself.
  const packed = deflateRawSync(Buffer.alloc(block), { finishFlush: constants.Z_FULL_FLUSH })
  const head = gzipSync('').subarray(0, 10)
  const end = Buffer.from([3, 0, ...new Uint8Array(8)])
  return Buffer.concat([head, ...Array.from({ length: sizeBytes / block }, () => packed), end])
}
