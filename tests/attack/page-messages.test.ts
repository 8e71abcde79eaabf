import { beforeAll, describe, expect, it } from 'vitest'
import { APP, CHAT_URL, OTHER, PASSPHRASE, chatInit, fetchFrom, useWorld } from '../e2e/world.ts'
import { addFrame, tryToSpend } from './attempt.ts'
import { callStart, refusals, talk } from './talk.ts'

const EVIL = 'https://evil.example.test'

describe('messages that claim to be something else', () => {
  const world = useWorld('site')
  beforeAll(() => world.driver.switchOnSite(OTHER))

  it('C15: a window message “I am the app” moves nothing, from a child, an opener or the page', async () => {
    const start = await callStart(world)
    const app = await world.emptyPage()
    const child = await addFrame(app, { src: `${EVIL}/` })
    await child.evaluate(postEverywhere, start)
    await app.evaluate(postEverywhere, start)
    const evil = await world.driver.newPage(`${EVIL}/`)
    const framed = await addFrame(evil, { src: `${APP}/empty` })
    await evil.evaluate(postEverywhere, start)
    await framed.evaluate(postEverywhere, start)

    expect(await tryToSpend(world, app)).toBe('served')
    expect(world.fakes.requests).toHaveLength(1)
  })

  it('C15: a stranger that dispatches the shim’s own event finds nobody who takes its port', async () => {
    const start = await callStart(world)
    const app = await world.emptyPage()
    const evil = await world.driver.newPage(`${EVIL}/`)
    const framed = await addFrame(evil, { src: `${APP}/empty` })
    const stranger = await addFrame(app, { src: `${EVIL}/` })

    for (const place of [evil, framed, stranger]) {
      expect(await talk(place, [{ type: 'hello', version: 1 }, start], 0)).toEqual({
        taken: false,
        replies: [],
      })
    }
    expect(world.fakes.requests).toEqual([])
    // The same in the app itself is heard: the words above were the right ones.
    expect(await talk(app, [start], 1)).toMatchObject({ taken: true })
    expect(world.fakes.requests).toHaveLength(1)
  })

  it('C15: document.domain brings a stranger no closer to the app', async () => {
    const evil = await world.driver.newPage(`${EVIL}/`)
    const framed = await addFrame(evil, { src: `${APP}/empty` })
    for (const place of [evil, framed]) await place.evaluate(relaxDomain)

    expect(
      await evil.evaluate(() => {
        try {
          const frame = document.querySelector('iframe')?.contentWindow
          return typeof (frame as unknown as typeof globalThis).fetch
        } catch (error) {
          return error instanceof DOMException ? error.name : 'other'
        }
      }),
    ).toBe('SecurityError')
    expect(await tryToSpend(world, framed)).toBe('unswapped')
  })

  it('C16: a call that brings an origin, a tab or a sender of its own is refused unread', async () => {
    const app = await world.emptyPage()
    const claims = [{ origin: OTHER }, { tabId: 1 }, { appOrigin: OTHER }, { sender: { tab: 1 } }]
    for (const claim of claims) {
      const { replies } = await talk(app, [{ ...(await callStart(world)), ...claim }], 1)
      expect(refusals(replies), JSON.stringify(claim)).toEqual(['400 request.invalid'])
    }
    expect(world.fakes.requests).toEqual([])
  })

  it('C16: a hello in another app’s name does not open that app’s grant', async () => {
    const start = await callStart(world, OTHER)
    const app = await world.emptyPage()
    const hello = { type: 'hello', version: 1, appOrigin: OTHER }
    const { replies } = await talk(app, [hello, start], 1)

    expect(refusals(replies)).toEqual(['403 grant.missing'])
    expect(world.fakes.requests).toEqual([])
  })

  it('C17: a request id is used once, while its call runs and after it', async () => {
    const start = await callStart(world)
    const app = await world.emptyPage()
    const together = await talk(app, [start, start], 2)
    expect(refusals(together.replies)).toEqual(['409 request.replayed'])
    expect(world.fakes.requests).toHaveLength(1)

    const next = await callStart(world)
    const later = await talk(app, [next, 'settled', next], 2)
    expect(refusals(later.replies)).toEqual(['409 request.replayed'])
    expect(world.fakes.requests).toHaveLength(2)
  })

  it('C18: a valet key of one approved app is worth nothing to another', async () => {
    for (const [from, to] of [
      [APP, OTHER],
      [OTHER, APP],
    ] as const) {
      const page = await world.emptyPage(to)
      const stolen = await world.driver.valetKey(from, 'openai')
      const reply = await fetchFrom(page, CHAT_URL, chatInit(stolen))

      expect(reply.status).toBe(403)
      expect(reply.headers['x-valetkey-error']).toBe('grant.missing')
      expect(world.fakes.requests).toEqual([])
    }
    const own = await world.driver.valetKey(OTHER, 'openai')
    const reply = await fetchFrom(await world.emptyPage(OTHER), CHAT_URL, chatInit(own))
    expect(reply.status).toBe(200)
  })

  it('C1, C18: asked while locked, a stolen valet key still says only that it is not for this app', async () => {
    const stolen = await world.driver.valetKey(APP, 'openai')
    await world.driver.lock()
    const reply = await fetchFrom(await world.emptyPage(OTHER), CHAT_URL, chatInit(stolen))
    await world.driver.unlock(PASSPHRASE)

    expect(reply.headers['x-valetkey-error']).toBe('grant.missing')
    expect(world.fakes.requests).toEqual([])
  })
})

/** Runs in a page: says it to every window in reach, and on a port it hands to each. */
function postEverywhere(start: object): void {
  const windows = [window, window.parent, window.top, window.opener as Window | null]
  for (const frame of document.querySelectorAll('iframe')) windows.push(frame.contentWindow)
  for (const target of windows) {
    for (const type of ['valetkey:port', 'valetkey:bridge', 'message']) {
      const { port1, port2 } = new MessageChannel()
      port1.postMessage({ ...start, callId: crypto.randomUUID() })
      target?.postMessage({ ...start, event: type, origin: 'https://app.example.test' }, '*', [
        port2,
      ])
      target?.postMessage(start, '*')
    }
  }
}

/** Runs in a page. */
function relaxDomain(): void {
  try {
    Reflect.set(document, 'domain', 'example.test')
  } catch {
    // Not allowed at all: so much the better.
  }
}
