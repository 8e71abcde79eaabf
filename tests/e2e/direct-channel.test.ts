import type { Page } from 'puppeteer'
import { beforeAll, describe, expect, it } from 'vitest'
import { useWorker } from './worker-controls.ts'
import { APP, CHAT_URL, chatInit, fetchFrom, useWorld } from './world.ts'

describe('a page that calls often', () => {
  const world = useWorld('site', { watchWorkers: false })
  const worker = useWorker(world)
  let valetKey: string
  beforeAll(async () => {
    valetKey = await world.driver.valetKey(APP, 'openai')
  })

  /** Calls twice; the frame that leads the channel goes as soon as the worker has taken it. */
  async function leadChannel(page: Page): Promise<void> {
    const cameAndWent = new Promise<string>((resolve) => {
      page.once('framedetached', (frame) => {
        resolve(frame.url())
      })
    })
    for (let call = 0; call < 2; call++) {
      expect(await fetchFrom(page, CHAT_URL, chatInit(valetKey))).toMatchObject({ status: 200 })
    }
    expect(await cameAndWent).toBe(`chrome-extension://${world.driver.extensionId}/channel.html`)
    world.fakes.reset()
  }

  it('is served past its port under the strictest policy, and shows no frame of ours afterwards', async () => {
    world.apps.serve('/strict', {
      body: '<!doctype html><title>strict</title>',
      headers: {
        'content-security-policy':
          "default-src 'none'; connect-src https://api.openai.com; require-trusted-types-for 'script'; trusted-types 'none'; sandbox allow-scripts allow-same-origin",
        'cross-origin-opener-policy': 'same-origin',
      },
    })
    const page = await world.driver.newPage(`${APP}/strict`)
    const startedAt = Date.now()
    await leadChannel(page)

    const reply = await fetchFrom(page, CHAT_URL, chatInit(valetKey))
    expect(reply.text).toContain('The valet parks the car')
    expect(world.fakes.requests.map(({ key }) => key)).toEqual([world.keys.openai])
    expect(await page.evaluate(() => [window.length, document.querySelector('iframe')])).toEqual([
      0,
      null,
    ])
    // A frame that led nowhere would have stood for ten.
    expect(Date.now() - startedAt).toBeLessThan(8_000)
  })

  it('is served by its port where the browser lets no frame of ours in', async () => {
    const headers = { 'cross-origin-embedder-policy': 'require-corp' }
    world.apps.serve('/isolated', { body: '<!doctype html><title>isolated</title>', headers })
    const page = await world.driver.newPage(`${APP}/isolated`)

    for (let call = 0; call < 4; call++) {
      expect(await fetchFrom(page, CHAT_URL, chatInit(valetKey))).toMatchObject({ status: 200 })
    }
  })

  it('stops the provider when it aborts, and when it is closed', async () => {
    const page = await world.emptyPage()
    await leadChannel(page)
    world.fakes.behave({ text: 'word '.repeat(400), gapMs: 30 })
    const init = chatInit(valetKey, { stream: true })

    await page.evaluate(abortInside, CHAT_URL, init)
    await expect.poll(() => world.fakes.requests[0]?.reply.aborted, { timeout: 3000 }).toBe(true)
    await page.evaluate(readOnce, CHAT_URL, init)
    await page.close()
    await expect.poll(() => world.fakes.requests[1]?.reply.aborted, { timeout: 3000 }).toBe(true)
  })

  it('is told at once when the worker is killed, and is served again by the next one (C65)', async () => {
    const page = await world.emptyPage()
    await leadChannel(page)
    world.fakes.behave({ text: 'word '.repeat(400), gapMs: 100 })
    const broken = page.evaluate(readToEnd, CHAT_URL, chatInit(valetKey, { stream: true }))
    await page.waitForFunction(() => document.title.includes('word'))

    const killedAt = Date.now()
    await worker.kill()
    const { end, at } = await broken

    expect(end).toBe('TypeError')
    expect(at - killedAt).toBeLessThan(1_000)
    world.fakes.reset()
    await leadChannel(page)
    expect(await fetchFrom(page, CHAT_URL, chatInit(valetKey))).toMatchObject({ status: 200 })
  })

  it('C16: can neither find our frame nor speak through it', async () => {
    const fixed = `chrome-extension://${world.driver.extensionId}/channel.html`
    const page = await world.emptyPage()
    // The address every installation has in common leads nowhere.
    const loaded = await page.evaluateHandle(loadFrame, fixed)
    expect((await loaded.contentFrame()).url()).toBe('chrome-error://chromewebdata/')
    await loaded.evaluate((frame) => {
      frame.remove()
    })

    const heard = page.evaluate(speakThroughFrame, 'direct.ready', CHAT_URL, valetKey)
    await leadChannel(page)
    expect(await heard).toEqual([])
    expect(world.fakes.requests).toEqual([])
    expect(await fetchFrom(page, CHAT_URL, chatInit(valetKey))).toMatchObject({ status: 200 })
  })
})

/** Runs in a page. */
async function loadFrame(src: string): Promise<HTMLIFrameElement> {
  const frame = document.createElement('iframe')
  frame.src = src
  await new Promise((resolve) => {
    frame.onload = resolve
    document.body.append(frame)
  })
  return frame
}

/** Runs in a page. */
async function abortInside(url: string, init: object): Promise<void> {
  const abort = new AbortController()
  const reply = await fetch(url, { ...init, signal: abort.signal })
  await reply.body?.getReader().read()
  abort.abort()
}

/** Runs in a page. */
async function readOnce(url: string, init: object): Promise<void> {
  await (await fetch(url, init)).body?.getReader().read()
}

/** Runs in a page: shows what came in the title, and tells how it ended. */
async function readToEnd(url: string, init: object): Promise<{ end: string; at: number }> {
  try {
    const reader = (await fetch(url, init)).body?.pipeThrough(new TextDecoderStream()).getReader()
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
      document.title += part.value
    }
    return { end: 'whole', at: Date.now() }
  } catch (error) {
    return { end: error instanceof Error ? error.name : String(error), at: Date.now() }
  }
}

/**
 * Runs in a page: as soon as our frame is there it speaks to it as the bridge does, with tickets of its
 * own. @returns what it heard on its channels
 */
function speakThroughFrame(ready: string, url: string, valetKey: string): Promise<unknown[]> {
  const heard: unknown[] = []
  return new Promise((resolve) => {
    const watch = new MutationObserver(() => {
      const frame = document.querySelector('iframe')
      if (!frame) return
      watch.disconnect()
      frame.addEventListener('load', () => {
        for (const ticket of ['', ready, null, { ticket: ready }]) {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = ({ data }) => heard.push(data)
          frame.contentWindow?.postMessage(ticket, '*', [port2])
          const call = { type: 'call.start', callId: 'of-the-page', method: 'GET', url, valetKey }
          port1.postMessage({ ...call, headers: [], body: { kind: 'none' } })
        }
        setTimeout(() => {
          resolve(heard)
        }, 1_000)
      })
    })
    watch.observe(document, { childList: true, subtree: true })
  })
}
