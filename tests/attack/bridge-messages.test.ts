/** What a page can put into the document and onto the bridge's own port: C48. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { APP, CHAT_URL, OTHER, chatInit, fetchFrom, useWorld } from '../e2e/world.ts'
import { inBridgeWorld, inWorker, tryToSpend } from './attempt.ts'
import { callStart, refusals, talk } from './talk.ts'

const QUILL = 'https://quill.example.test'
/** Every name our page scripts look up on a window or a document. */
const LOOKED_UP = [
  ...['fetch', 'origin', 'top', 'location', 'document', 'window', 'chrome', 'browser', 'valetkey'],
  ...['prerendering', 'addEventListener', 'dispatchEvent', 'MessageChannel', 'MessagePort'],
  ...['MessageEvent', 'Event', 'Request', 'Response', 'Headers', 'URL', 'Blob', 'Promise'],
  ...['ReadableStream', 'crypto', 'JSON', 'Reflect', 'Object', 'setTimeout', 'isSecureContext'],
]
const CLOBBERED = `<!doctype html><html lang="en"><title>clobbered</title><body>${LOOKED_UP.map(
  (name) =>
    `<form name="${name}"><input name="headers"><input id="runtime"></form>` +
    `<img name="${name}"><a id="${name}"></a><a id="${name}" name="connect"></a>` +
    `<object name="${name}"></object>`,
).join('')}</body></html>`

/** Whether anything was left on the prototypes every object of a world has. */
const IS_POLLUTED = `JSON.stringify([
  Object.keys(Object.prototype), ({}).polluted, [].polluted, (() => 0).polluted,
  Object.getOwnPropertyNames(Object.prototype).length,
])`
const CLEAN = JSON.stringify([[], null, null, null, 12])

/** What is no message, whatever it looks like. */
const NO_MESSAGES = [
  'null',
  '5',
  '"hello"',
  '[]',
  '{}',
  '{"type":"__proto__"}',
  '{"type":"constructor","callId":"__proto__"}',
  '{"type":"vault.unlock","passphrase":"x"}',
  '{"type":"call.credit","callId":"__proto__","bytes":1}',
  '{"type":"call.abort","callId":{"toString":1}}',
  '{"type":{"type":"hello"}}',
]

describe('a page that names its elements like what our scripts look up', () => {
  const world = useWorld('site')

  it('C48: is served as if it had not, whether the scripts come before its elements or after', async () => {
    world.apps.serve('/clobbered', { body: CLOBBERED })
    const before = await world.driver.newPage(`${APP}/clobbered`)
    expect(await before.evaluate(() => document.querySelectorAll('img').length)).toBe(
      LOOKED_UP.length,
    )
    expect(await tryToSpend(world, before)).toBe('served')

    // Switched on while the page is open: the scripts meet a document that is clobbered already.
    const after = await world.driver.newPage(`${OTHER}/clobbered`)
    const errors: string[] = []
    after.on('pageerror', (error) => errors.push(String(error)))
    await world.driver.switchOnSite(OTHER)
    const listener = 'typeof document.addEventListener'
    // An element's name hides the document's own from the page, and from nobody else.
    expect([await after.evaluate(listener), await inBridgeWorld(after, listener)]).toEqual([
      'object',
      'function',
    ])
    const { status } = await fetchFrom(
      after,
      CHAT_URL,
      chatInit(await world.driver.valetKey(OTHER, 'openai')),
    )

    expect([status, errors]).toEqual([200, []])
  })

  it('C48: its calls still end when it is frozen', async () => {
    world.apps.serve('/clobbered', { body: CLOBBERED })
    const page = await world.driver.newPage(`${QUILL}/clobbered`)
    await world.driver.switchOnSite(QUILL)
    world.fakes.behave({ text: 'word '.repeat(400), gapMs: 30 })
    await page.evaluate(
      async (url, init) => {
        await (await fetch(url, init)).body?.getReader().read()
      },
      CHAT_URL,
      chatInit(await world.driver.valetKey(QUILL, 'openai'), { stream: true }),
    )
    const session = await page.createCDPSession()
    await session.send('Page.setWebLifecycleState', { state: 'frozen' })

    const stopped = await waitUntil(() => world.fakes.requests[0]?.reply.aborted === true)
    // The sweep asks the page, which answers nobody while it is frozen.
    await session.send('Page.setWebLifecycleState', { state: 'active' })
    expect(stopped).toBe(true)
  })
})

async function waitUntil(holds: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < 50 && !holds(); turn++) await sleep(100)
  return holds()
}

describe('a message with names every object has', () => {
  const world = useWorld('site')

  it('C48: is refused by its schema, and leaves nothing behind', async () => {
    const page = await world.emptyPage()
    const extra = '"__proto__":{"polluted":1}'
    const constructor = '"constructor":{"prototype":{"polluted":1}}'
    for (const [place, change] of Object.entries({
      'beside its fields': (text: string) => text.replace('{', `{${extra},`),
      'as a constructor': (text: string) => text.replace('{', `{${constructor},`),
      'in its body': (text: string) => text.replace('"kind"', `${extra},"kind"`),
      'in the body it carries': (text: string) =>
        text.replace('{\\"model', '{\\"__proto__\\":{},\\"model'),
      'as a header list': (text: string) =>
        text.replace('"headers":[', `"headers":[${JSON.stringify({ length: 2 })},`),
      'as its method': (text: string) => text.replace('"POST"', '"__proto__"'),
    })) {
      const start = JSON.stringify(await callStart(world))
      const { replies } = await talk(page, [change(start)], 1)

      expect(change(start), place).not.toBe(start)
      expect(refusals(replies).join(' '), place).toMatch(
        /^(400 request\.invalid|404 request\.unsupported)$/,
      )
    }
    expect(world.fakes.requests).toEqual([])
    expect(await inWorker(world, IS_POLLUTED)).toBe(CLEAN)
    expect(await inBridgeWorld(page, IS_POLLUTED)).toBe(CLEAN)
  })

  it('C48: is a name like any other where names are free', async () => {
    const page = await world.emptyPage()
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const start = JSON.stringify({ ...(await callStart(world)), callId: name })
      const { replies } = await talk(page, [start, `{"type":"call.abort","callId":"${name}x"}`], 1)

      expect(replies.map(({ status }) => status).filter(Boolean), name).toEqual([200])
    }
    expect(world.fakes.requests).toHaveLength(4)
    expect(await inWorker(world, IS_POLLUTED)).toBe(CLEAN)
  })

  it('C48: that is none is nothing to the bridge, and the next call is served', async () => {
    const page = await world.emptyPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    for (const text of NO_MESSAGES) {
      const { taken, replies } = await talk(page, [text, await callStart(world)], 1)

      expect(taken, text).toBe(true)
      expect(replies.map(({ status }) => status).filter(Boolean), text).toEqual([200])
    }
    expect(errors).toEqual([])
    expect(await inWorker(world, IS_POLLUTED)).toBe(CLEAN)
  })
})
