import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { APP, CHAT_URL, chatInit, fetchFrom, useWorld } from '../e2e/world.ts'
import { tryToSpend } from './attempt.ts'

describe('a page that turns on what was put into it', () => {
  const world = useWorld('site')
  const valetKey = () => world.driver.valetKey(APP, 'openai')

  it('C45: a page that listens in on the language sees its own call, and never a key', async () => {
    const page = await world.emptyPage()
    const listened = await page.evaluate(listenIn)
    const reply = await fetchFrom(page, CHAT_URL, chatInit(await valetKey()))

    expect(reply.status).toBe(200)
    expect(listened).toBeGreaterThan(20)
    // What it caught stays in the page's heap, where the sweep after this test looks for keys.
    expect(await page.evaluate('caught.length')).toBeGreaterThan(0)
    expect(world.fakes.requests).toHaveLength(1)
  })

  it('C45: a page that breaks the language breaks its own calls only', async () => {
    const broken = await world.emptyPage()
    await broken.evaluate(breakLanguage, CHAT_URL, chatInit(await valetKey()))
    const beside = await world.emptyPage()

    expect(await tryToSpend(world, beside)).toBe('served')
    // No script runs in it any more, the sweep's neither.
    await broken.close()
  })

  it('C49: scripts injected again, and again asked for by the page, make one call of one', async () => {
    const page = await world.emptyPage()
    const popup = await world.window('popup.html')
    for (let time = 0; time < 2; time++) {
      await popup.evaluate(async (url) => {
        const [tab] = await chrome.tabs.query({ url })
        const target = { tabId: tab?.id ?? -1 }
        const [bridge, shim] = ['bridge', 'shim'].map((name) => `/content-scripts/${name}.js`)
        await chrome.scripting.executeScript({ target, files: [bridge ?? ''] })
        await chrome.scripting.executeScript({ target, files: [shim ?? ''], world: 'MAIN' })
      }, `${APP}/*`)
    }
    await popup.close()

    // What two of them answer may never come to an end.
    const patience = sleep(20_000, 'no answer')
    expect(await Promise.race([tryToSpend(world, page), patience])).toBe('served')
    expect(world.fakes.requests).toHaveLength(1)
    await page.evaluate(() => {
      const mark = Symbol.for('valetkey.shim')
      Reflect.deleteProperty(window, mark)
      for (let time = 0; time < 5; time++) window.dispatchEvent(new Event('valetkey:bridge'))
    })
    expect(await tryToSpend(world, page)).toBe('served')
    expect(world.fakes.requests).toHaveLength(2)
  })

  it('C49: a page that puts the browser’s own fetch back gets the worthless key sent, nothing else', async () => {
    const page = await world.emptyPage()
    await page.evaluate(() => {
      const frame = document.createElement('iframe')
      frame.sandbox.add('allow-same-origin')
      document.documentElement.append(frame)
      Reflect.deleteProperty(window, 'fetch')
    })

    expect(['unswapped', 'nothing sent']).toContain(
      await tryToSpend(world, page).catch(() => 'nothing sent'),
    )
  })

  it('C50: under the strictest policy a page that may reach the provider is served', async () => {
    world.apps.serve('/strict', {
      body: '<!doctype html><title>strict</title>',
      headers: {
        'content-security-policy':
          "default-src 'none'; connect-src https://api.openai.com; require-trusted-types-for 'script'; trusted-types 'none'; sandbox allow-scripts allow-same-origin",
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-opener-policy': 'same-origin',
        'permissions-policy': 'unload=(), storage-access=()',
      },
    })
    const page = await world.driver.newPage(`${APP}/strict`)
    const violations: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') violations.push(message.text())
    })

    expect(await tryToSpend(world, page)).toBe('served')
    // The policy is in force: the page reaches nobody else, nor makes script of text.
    const elsewhere = await fetchFrom(page, 'https://api.groq.com/openai/v1/models', {})
    expect(elsewhere.rejected).toBe('TypeError')
    expect(violations.join('\n')).toContain('Content Security Policy')
  })
})

/** Runs in a page: puts an ear on whatever the shim may use. @returns how many it got hold of */
function listenIn(): number {
  const caught: unknown[] = []
  Object.assign(window, { caught })
  const { apply, defineProperty, getOwnPropertyDescriptor, ownKeys } = Reflect
  let count = 0
  const listen = (holder: object, name: PropertyKey) => {
    const descriptor = getOwnPropertyDescriptor(holder, name)
    if (typeof descriptor?.value !== 'function' || name === 'constructor') return
    const real = descriptor.value as (...args: unknown[]) => unknown
    const value = new Proxy(real, {
      apply(target, self: unknown, args: unknown[]) {
        if (caught.length < 5_000) caught[caught.length] = { self, args }
        const result: unknown = apply(target, self, args)
        if (caught.length < 5_000) caught[caught.length] = result
        return result
      },
    })
    if (defineProperty(holder, name, { ...descriptor, value })) count += 1
  }
  const holders = [
    ...[JSON, Promise.prototype, Array.prototype, Map.prototype, Set.prototype, String.prototype],
    ...[MessagePort.prototype, EventTarget.prototype, Response.prototype, Headers.prototype],
    ...[ReadableStream.prototype, TextDecoder.prototype, Object, Crypto.prototype],
  ]
  for (const holder of holders) for (const name of ownKeys(holder)) listen(holder, name)
  for (const name of ['fetch', 'structuredClone', 'postMessage', 'Proxy', 'MessageChannel']) {
    listen(window, name)
  }
  return count
}

/** Runs in a page: takes the ground from under every script in it, then calls. */
function breakLanguage(url: string, init: object): void {
  const broken = () => {
    throw new Error('broken')
  }
  const call = window.fetch.bind(window)
  Object.assign(Array.prototype, { push: broken, map: broken, forEach: broken })
  Object.defineProperty(Array.prototype, Symbol.iterator, { value: broken })
  Object.assign(JSON, { parse: broken, stringify: broken })
  Object.assign(window, { structuredClone: broken, MessageChannel: broken, Response: broken })
  Object.assign(MessagePort.prototype, { postMessage: broken })
  void Object.defineProperty(Promise.prototype, 'then', { value: broken })
  try {
    void call(url, init)
  } catch {
    // Its own loss.
  }
}
