import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { APP, useWorld } from '../e2e/world.ts'
import { answerConsentWindow, consentWindow } from '../support/driving/consent-screen.ts'
import { preApprovePermission } from '../support/driving/permission.ts'
import { press, textAt } from '../support/driving/screens.ts'
import { addFrame, hasShim, tryToSpend } from './attempt.ts'
import { callStart, talk } from './talk.ts'

const EVIL = 'https://evil.example.test'
const RELATIVES = ['sub.app.example.test', 'example.test']
/** Reads “app.example.test” with a Cyrillic first letter. */
const LOOKALIKE = 'xn--pp-6kc.example.test'
const TWINS = ['http://app.example.test', 'http://app.example.test:8080']
const WITH_DOT = 'app.example.test.'
/** No bridge took the port: what a shim would say is said to nobody. */
const UNHEARD = { taken: false, replies: [] }

/** The app's own host without TLS: anyone on the network could answer there. */
const plain = createServer((_request, reply) => {
  reply.setHeader('content-type', 'text/html')
  reply.end('<!doctype html><title>plain</title>')
})
await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
const plainPlace = `127.0.0.1:${(plain.address() as AddressInfo).port}` // TCP, never a pipe

describe('an origin that looks like the app', () => {
  const world = useWorld('site', {
    appHosts: [...RELATIVES, LOOKALIKE, WITH_DOT],
    hosts: { 'app.example.test:80': plainPlace, 'app.example.test:8080': plainPlace },
  })
  // The browser lets the extension onto each of them, so that its own guards are what holds here.
  beforeAll(async () => {
    const { browser, extensionId } = world.driver
    const popup = await world.window('popup.html')
    for (const origin of [...RELATIVES, LOOKALIKE].map((host) => `https://${host}`).concat(TWINS)) {
      await preApprovePermission(browser, extensionId, origin)
      await popup.evaluate(askForSite, `${origin.replace(/:\d+$/, '')}/*`)
    }
    await popup.close()
  })
  afterAll(() => {
    plain.closeAllConnections()
    plain.close()
  })

  it('the app itself is served: the attempts below fail for their origin only', async () => {
    const page = await world.emptyPage()

    expect([await hasShim(page), await tryToSpend(world, page)]).toEqual([true, 'served'])
  })

  it('C2: another port of the app has no shim and is served nothing', async () => {
    const page = await world.emptyPage(`${APP}:8443`)

    expect(await page.evaluate(() => origin)).toBe(`${APP}:8443`)
    expect([await hasShim(page), await tryToSpend(world, page)]).toEqual([false, 'unswapped'])
  })

  it.each(TWINS)('C3: the app without TLS (%s) has no shim and is served nothing', async (twin) => {
    const page = await world.driver.newPage(`${twin}/empty`)

    expect(await page.evaluate(() => origin)).toBe(twin)
    expect([await hasShim(page), await tryToSpend(world, page)]).toEqual([false, 'unswapped'])
    // A shim fails where the browser has no secure context; nobody else may listen there either.
    expect(await talk(page, [await callStart(world)], 0)).toEqual(UNHEARD)
  })

  it('C4: neither a subdomain nor the parent has a shim or is served', async () => {
    for (const host of RELATIVES) {
      const page = await world.emptyPage(`https://${host}`)
      const outcome = [
        await page.evaluate(() => origin),
        await hasShim(page),
        await tryToSpend(world, page),
      ]
      expect(outcome).toEqual([`https://${host}`, false, 'unswapped'])
    }
  })

  it('C5: a lookalike in punycode has no shim, is served nothing, and is asked about in ASCII', async () => {
    const page = await world.emptyPage(`https://${LOOKALIKE}`)

    expect(await page.evaluate(() => origin)).toBe(`https://${LOOKALIKE}`)
    expect([await hasShim(page), await tryToSpend(world, page)]).toEqual([false, 'unswapped'])
    const { browser, extensionId } = world.driver
    const site = encodeURIComponent('https://\u0430pp.example.test')
    const popup = await world.window(`popup.html?site=${site}`)
    await press(popup, 'switch', 'Use ValetKey on this site')
    expect(await textAt(await consentWindow(browser, extensionId), 'h1:not(.sr-only)')).toBe(
      LOOKALIKE,
    )
    await answerConsentWindow(browser, extensionId, 'deny')
    await popup.close()
  })

  it('C6: the app’s name with a dot at its end is another origin, and is served nothing', async () => {
    const page = await world.emptyPage(`https://${WITH_DOT}`)

    expect(await page.evaluate(() => origin)).toBe(`https://${WITH_DOT}`)
    // Chrome's match patterns do not tell the two names apart: the shim does, and holds no call there.
    expect([await hasShim(page), await tryToSpend(world, page)]).toEqual([false, 'unswapped'])
    // The bridge is there: it says nothing to whoever speaks as a shim would.
    world.fakes.reset()
    await talk(page, [await callStart(world)], 0)
    expect(world.fakes.requests).toEqual([])
  })
})

describe('a frame tree', () => {
  const world = useWorld('site')

  it('C7: a sandboxed frame of the app is nobody, and is served nothing', async () => {
    const page = await world.emptyPage()
    const frame = await addFrame(page, { src: `${APP}/empty`, sandbox: 'allow-scripts' })
    const inner = await addFrame(page, { srcdoc: 'x', sandbox: 'allow-scripts' })

    for (const place of [frame, inner]) {
      expect(await place.evaluate(() => origin)).toBe('null')
      expect([await hasShim(place), await tryToSpend(world, place)]).toEqual([false, 'unswapped'])
      expect(await talk(place, [await callStart(world)], 0)).toEqual(UNHEARD)
    }
  })

  it('C8: a data: frame of the app is nobody, and is served nothing', async () => {
    const frame = await addFrame(await world.emptyPage(), { src: 'data:text/html,<p>x' })

    expect(await frame.evaluate(() => origin)).toBe('null')
    expect(await tryToSpend(world, frame)).toBe('unswapped')
    expect(await talk(frame, [await callStart(world)], 0)).toEqual(UNHEARD)
  })

  it('C9: srcdoc, about:blank and blob children of the app are the app, but not beyond a stranger', async () => {
    const page = await world.emptyPage()
    const evil = await addFrame(page, { src: `${EVIL}/` })
    const beyond = await addFrame(evil, { src: `${APP}/empty?beyond` })
    for (const [parent, outcome] of [
      [page, 'served'],
      [beyond, 'unswapped'],
    ] as const) {
      const blob = await parent.evaluate(() =>
        URL.createObjectURL(new Blob(['<p>x'], { type: 'text/html' })),
      )
      const children: Record<string, string>[] = [{ srcdoc: 'x' }, {}, { src: blob }]
      for (const attributes of children) {
        const frame = await addFrame(parent, attributes)
        const seen = [await frame.evaluate(() => origin), await tryToSpend(world, frame)]
        expect(seen, JSON.stringify(attributes)).toEqual([APP, outcome])
      }
    }
  })

  it('C113: the app in its own frame, twice, is the app; with a stranger between it is not', async () => {
    const page = await world.emptyPage()
    // Chrome loads no frame with the address of two of its ancestors.
    const once = await addFrame(page, { src: `${APP}/empty?once` })
    const own = await addFrame(once, { src: `${APP}/empty?twice` })
    const evil = await addFrame(page, { src: `${EVIL}/` })
    const beyond = await addFrame(evil, { src: `${APP}/empty?beyond` })
    const blank = await addFrame(beyond, {})

    expect(await tryToSpend(world, own)).toBe('served')
    expect(await tryToSpend(world, beyond)).toBe('unswapped')
    expect(await tryToSpend(world, blank)).toBe('unswapped')
  })

  it('C10: the app framed by a stranger is served nothing', async () => {
    const evil = await world.driver.newPage(`${EVIL}/`)
    const frame = await addFrame(evil, { src: `${APP}/empty` })
    const child = await addFrame(frame, { srcdoc: 'x' })

    expect([await frame.evaluate(() => origin), await child.evaluate(() => origin)]).toEqual([
      APP,
      APP,
    ])
    expect(await tryToSpend(world, frame)).toBe('unswapped')
    expect(await tryToSpend(world, child)).toBe('unswapped')
  })

  it('C10: a stranger framed by the app has no shim and is served nothing', async () => {
    const page = await world.emptyPage()
    const frame = await addFrame(page, { src: `${EVIL}/` })
    const child = await addFrame(frame, { srcdoc: 'x' })

    for (const place of [frame, child]) {
      expect(await place.evaluate(() => origin)).toBe(EVIL)
      expect([await hasShim(place), await tryToSpend(world, place)]).toEqual([false, 'unswapped'])
    }
  })
})

/** Runs in a window of the extension. What the manifest does not offer is refused (plain http). */
function askForSite(pattern: string): Promise<boolean> {
  return chrome.permissions.request({ origins: [pattern] }).catch(() => false)
}
