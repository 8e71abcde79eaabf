import type { Frame, Page } from 'puppeteer'
import { beforeAll, describe, expect, it } from 'vitest'
import { APP, CHAT_URL, OTHER, useWorld } from '../e2e/world.ts'
import { addFrame } from './attempt.ts'

const EVIL = 'https://evil.example.test'
const HELLO = { type: 'hello', version: 1 }
const ASK = { type: 'connect', request: { capabilities: ['chat'] }, quiet: true }

/** What our frame, embedded by a page, said to it. */
type Said = { readonly type: string; readonly [name: string]: unknown }

describe('the frame apps connect through', () => {
  const world = useWorld('keys', { appHosts: ['evil.example.test'] })
  let grantRef = ''

  const frameUrl = (): string => `chrome-extension://${world.driver.extensionId}/frame.html`
  const say = (place: Page | Frame, messages: readonly object[], until = 'nothing') =>
    place.evaluate(talkToFrame, frameUrl(), messages, until)
  const call = (callId: string, change: object = {}): object => ({
    ...{ type: 'call.start', callId, grantRef, method: 'POST', url: CHAT_URL },
    headers: [['content-type', 'application/json']],
    body: {
      kind: 'text',
      text: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] }),
    },
    ...change,
  })

  beforeAll(async () => {
    const app = await world.emptyPage()
    const asked = say(app, [HELLO, { ...ASK, callId: 'first', quiet: false }], 'connected')
    await world.driver.answerConsent('allow')
    const connected = (await asked).find(({ type }) => type === 'connected')
    grantRef = (connected?.['grant'] as { id: string } | undefined)?.id ?? ''
    expect(grantRef).not.toBe('')
    await app.close()
  })

  it('C113: serves the app as the top page', async () => {
    const replies = await say(await world.emptyPage(), [HELLO, call('a')], 'call.end')

    expect(replies.map(({ type }) => type)).toContain('call.head')
    expect(world.fakes.requests).toHaveLength(1)
  })

  it('C10, C113: speaks for no app in a frame, its own, a stranger’s, a sandbox or an empty one', async () => {
    const evil = await world.driver.newPage(`${EVIL}/empty`)
    const app = await world.emptyPage()
    const places = [
      await addFrame(evil, { src: `${APP}/empty` }),
      await addFrame(app, { src: `${APP}/empty` }),
      await addFrame(app, { src: `${APP}/empty`, sandbox: 'allow-scripts' }),
      await addFrame(app, { src: 'about:blank' }),
      await addFrame(app, { src: `${EVIL}/empty` }),
    ]

    for (const place of places) {
      expect(await say(place, [HELLO, call('a')], 'refused')).toEqual([{ type: 'refused' }])
    }
    expect(world.fakes.requests).toEqual([])
  })

  it('C18: a grant of one app is nothing to another, approved or not', async () => {
    const evil = await world.driver.newPage(`${EVIL}/empty`)

    const replies = await say(evil, [HELLO, call('a'), { type: 'usage', callId: 'b', grantRef }])

    expect(replies).toContainEqual(
      expect.objectContaining({ type: 'call.error', callId: 'b', code: 'grant.missing' }),
    )
    expect(
      replies.find(({ callId, type }) => callId === 'a' && type === 'call.head'),
    ).toMatchObject({ status: 403 })
    expect(world.fakes.requests).toEqual([])
  })

  it.each<[string, object[]]>([
    ['C16: an origin of its own in its hello', [{ ...HELLO, appOrigin: OTHER }]],
    ['C15: an origin in its question', [HELLO, { ...ASK, callId: 'a', origin: OTHER }]],
    ['C16: a tab in its question', [HELLO, { ...ASK, callId: 'a', tabId: 1 }]],
  ])('%s gets a stranger nothing of the app', async (_, messages) => {
    const evil = await world.driver.newPage(`${EVIL}/empty`)

    const replies = await say(evil, [...messages, call('z')])

    expect(replies.filter(({ type }) => type === 'connected')).toEqual([])
    expect(world.fakes.requests).toEqual([])
  })

  it('C17: an id serves once', async () => {
    const replies = await say(await world.emptyPage(), [HELLO, call('a'), call('a')])

    expect(world.fakes.requests).toHaveLength(1)
    expect(JSON.stringify(replies)).toContain('request.replayed')
  })

  it('C22: tells that it is there, and no other file of the extension does', async () => {
    const page = await world.driver.newPage(`${EVIL}/empty`)
    const base = `chrome-extension://${world.driver.extensionId}`
    const files = ['popup.html', 'background.js', 'manifest.json', 'icon/16.png', 'channel.html']

    for (const file of files) {
      expect(await page.evaluate(isReadable, `${base}/${file}`), file).toBe(false)
    }
    const told = await say(page, [HELLO, { type: 'status' }])
    expect(told.filter(({ type }) => type !== 'accepted')).toEqual([
      { type: 'ready', version: 1, site: 'none' },
      { type: 'ready', version: 1, site: 'none' },
    ])
  })

  it('C22: says the same to a stranger while it is locked', async () => {
    const page = await world.driver.newPage(`${EVIL}/empty`)
    await world.driver.lock()
    const told = await say(page, [HELLO, { ...ASK, callId: 'a' }], 'call.error')
    await world.driver.unlock('correct horse battery staple')

    expect(told).toContainEqual({ type: 'ready', version: 1, site: 'none' })
    expect(told).toContainEqual(expect.objectContaining({ code: 'grant.missing' }))
  })

  it('stands alone in a tab and speaks for nobody', async () => {
    const tab = await world.window('frame.html')

    const replies = await tab.evaluate(
      (messages) =>
        new Promise<unknown[]>((resolve) => {
          const { port1, port2 } = new MessageChannel()
          const heard: unknown[] = []
          port1.onmessage = ({ data }) => heard.push(data)
          window.postMessage('valetkey:connect', '*', [port2])
          for (const message of messages) port1.postMessage(message)
          setTimeout(() => {
            resolve(heard)
          }, 500)
        }),
      [HELLO, call('a')],
    )

    expect(replies).toEqual([{ type: 'refused' }])
    expect(world.fakes.requests).toEqual([])
  })
})

/** Embeds our frame in this document, hands it a port, and says the messages. Ends with a reply of a type, or after 3 s; a
 * question to the person has longer. */
function talkToFrame(url: string, messages: readonly object[], until: string): Promise<Said[]> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    const heard: Said[] = []
    const end = (): void => {
      resolve(heard)
    }
    const timer = setTimeout(
      end,
      messages.some((one) => 'quiet' in one && !one.quiet) ? 30_000 : 3000,
    )
    port1.onmessage = ({ data }: MessageEvent<Said>) => {
      heard.push({ ...data, bytes: undefined })
      if (data.type !== until) return
      clearTimeout(timer)
      end()
    }
    const frame = document.createElement('iframe')
    frame.src = url
    frame.onload = () => {
      frame.contentWindow?.postMessage('valetkey:connect', '*', [port2])
      for (const message of messages) port1.postMessage(message)
    }
    document.documentElement.append(frame)
  })
}

/** Whether a page can read a file, or load it as a picture. */
async function isReadable(url: string): Promise<boolean> {
  const byFetch = await fetch(url).then(
    () => true,
    () => false,
  )
  const byImage = await new Promise<boolean>((resolve) => {
    const image = new Image()
    image.onload = () => {
      resolve(true)
    }
    image.onerror = () => {
      resolve(false)
    }
    image.src = url
  })
  return byFetch || byImage
}
