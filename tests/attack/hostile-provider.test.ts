import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { APP, CHAT_URL, chatInit, fetchFrom, useWorld } from '../e2e/world.ts'
import { echoText, type EchoForm } from '../support/fakes/behaviour.ts'
import { findKey } from '../support/key-forms.ts'

/** The provider's name without TLS: whoever sits on the network would hear what is sent there. */
const overheard: string[] = []
const plain = createServer((request, reply) => {
  overheard.push(`${request.method ?? ''} ${request.url ?? ''}`)
  reply.end()
})
await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
const plainPlace = `127.0.0.1:${(plain.address() as AddressInfo).port}` // TCP, never a pipe

const REDIRECTS = [301, 302, 307, 308]
const AIMS = [
  'https://evil.example.test/v1/chat/completions',
  'http://api.openai.com/v1/chat/completions',
  'https://api.openai.com/v1/responses',
  'https://api.openai.com:8443/v1/chat/completions',
]
/** All calls of the file stay below a grant's 60 a minute. */
const ECHOES: readonly EchoForm[] = ['whole', 'base64', 'url', 'split']

/** Time enough for the linear, and not for the rest. */
const IN_TIME_MS = 15_000
/** Each is read in a moment by whoever looks at a byte once, and in minutes by whoever goes back. */
const BURNING: Readonly<Record<string, string>> = {
  'quotes in a text': `{"choices":[{"message":{"content":"${'\\"'.repeat(300_000)}"}}]}`,
  'quotes in an event': `data: {"choices":[{"delta":{"content":"${'\\"'.repeat(300_000)}"}}]}\n\n`,
  'beginnings of texts': `{"x":[${'"content":"'.repeat(100_000)}`,
  levels: '['.repeat(300_000),
}

describe('a provider that turned hostile', () => {
  const world = useWorld('site', { hosts: { 'api.openai.com:80': plainPlace } })
  afterAll(() => {
    plain.closeAllConnections()
    plain.close()
  })
  const valetKey = () => world.driver.valetKey(APP, 'openai')

  /** Whether a text holds the key in any form that is looked for, percent-encoded throughout included. */
  function shows(text: string): boolean {
    const key = world.keys.openai
    return findKey(Buffer.from(text), key) !== null || text.includes(echoText('url', key))
  }

  it('C28: no redirect is followed, wherever it leads and whatever its kind', async () => {
    const page = await world.emptyPage()
    const init = chatInit(await valetKey())
    for (const status of REDIRECTS) {
      for (const redirectTo of AIMS) {
        world.fakes.behave({ status, redirectTo, times: 1 })
        const before = world.fakes.requests.length
        const reply = await fetchFrom(page, CHAT_URL, init)

        const told = [reply.status, reply.headers['x-valetkey-error'], reply.headers['location']]
        expect(told, `${status} ${redirectTo}`).toEqual([503, 'provider.unavailable', undefined])
        expect(reply.text).not.toContain('evil')
        expect(world.fakes.requests.length - before, `${status} ${redirectTo}`).toBe(1)
      }
    }
    expect([world.fakes.attackerRequests, overheard]).toEqual([[], []])
  })

  it('C35: a key that comes back in an answer is scrubbed, whole, coded or cut by the network', async () => {
    const page = await world.emptyPage()
    const apiKey = await valetKey()
    for (const form of ECHOES) {
      for (const stream of [false, true]) {
        for (const pieceBytes of form === 'split' ? [7, 64] : [1_000_000]) {
          world.fakes.behave({ echo: { form, place: 'text' }, pieceBytes, times: 1 })
          const reply = await fetchFrom(page, CHAT_URL, chatInit(apiKey, { stream }))
          const said = stream ? streamedText(reply.text) : reply.text

          expect(reply.status).toBe(200)
          // The question around it arrives: the provider did say it.
          expect(said, `${form} ${String(stream)}`).toContain('is it not?')
          expect([shows(reply.text), shows(said)], `${form} ${String(stream)}`).toEqual([
            false,
            false,
          ])
        }
      }
    }
  })

  it('C35: a key that comes back in an error or a header is scrubbed', async () => {
    const page = await world.emptyPage()
    const init = chatInit(await valetKey())
    for (const form of [...ECHOES, 'masked'] as const) {
      for (const status of [400, 401, 500]) {
        world.fakes.behave({ status, echo: { form, place: 'error' }, times: 1 })
        const reply = await fetchFrom(page, CHAT_URL, init)

        expect(reply.status).toBe(status)
        expect(reply.headers['x-valetkey-error'], 'the provider’s own error').toBeUndefined()
        expect(shows(reply.text), `${form} ${status}`).toBe(false)
        expect(reply.text).not.toContain(world.keys.openai.slice(-4))
      }
      const echo = echoText(form, world.keys.openai)
      const headers = { 'x-request-id': echo, 'openai-model': `m ${echo}`, [`x-${form}`]: echo }
      world.fakes.behave({ echo: { form, place: 'header' }, headers, times: 1 })
      const reply = await fetchFrom(page, CHAT_URL, init)

      expect(reply.status).toBe(200)
      const seen = Object.entries(reply.headers).flat().join('\n')
      expect(shows(seen), `${form} in a header`).toBe(false)
    }
  })

  it('C36: headers that act on a page never reach it, nor the browser’s own stores', async () => {
    const page = await world.emptyPage()
    await page.evaluate(() => {
      localStorage.setItem('kept', 'yes')
      document.cookie = 'kept=yes; secure'
    })
    const hostile = {
      'set-cookie': 'planted=1; Path=/; Secure; SameSite=None',
      location: 'https://evil.example.test/',
      link: '<https://evil.example.test/x>; rel=preload; as=fetch',
      'clear-site-data': '"*"',
      refresh: '0; url=https://evil.example.test/',
      'access-control-expose-headers': '*',
      'content-security-policy': "default-src 'none'",
      'report-to': '{"group":"x","max_age":1,"endpoints":[{"url":"https://evil.example.test/"}]}',
      'service-worker-allowed': '/',
      'alt-svc': 'h3="evil.example.test:443"',
    }
    world.fakes.behave({ headers: hostile })
    const reply = await fetchFrom(page, CHAT_URL, chatInit(await valetKey()))

    expect(reply.status).toBe(200)
    expect(Object.keys(reply.headers)).toContain('content-type')
    for (const name of Object.keys(hostile)) expect(reply.headers).not.toHaveProperty(name)
    const cookies = await world.driver.browser.cookies()
    expect(cookies.map(({ name }) => name)).not.toContain('planted')
    expect(await page.evaluate(() => [localStorage.getItem('kept'), document.cookie])).toEqual([
      'yes',
      'kept=yes',
    ])
    expect(world.fakes.attackerRequests).toEqual([])
  })

  it('C76: an answer made to burn the worker’s time passes in time', async () => {
    const page = await world.emptyPage()
    const apiKey = await valetKey()
    for (const [name, body] of Object.entries(BURNING)) {
      const stream = body.startsWith('data:')
      world.fakes.behave({
        body,
        contentType: stream ? 'text/event-stream' : 'application/json',
        times: 1,
      })
      const call = fetchFrom(page, CHAT_URL, chatInit(apiKey, { stream }))
      const seen = await Promise.race([call, sleep(IN_TIME_MS, null)])

      expect([name, seen?.status, seen?.text.length]).toEqual([name, 200, body.length])
    }
  })

  it('C114: the person’s own cookies at the provider stay at home', async () => {
    const cookie = { name: 'session', value: 'signed-in', path: '/', secure: true }
    await world.driver.browser.setCookie(
      { ...cookie, domain: 'api.openai.com', sameSite: 'None' },
      { ...cookie, domain: '.openai.com', name: 'wide', sameSite: 'None' },
    )
    const page = await world.emptyPage()
    const reply = await fetchFrom(page, CHAT_URL, {
      ...chatInit(await valetKey()),
      credentials: 'include',
    })
    expect(reply.status).toBe(200)
    expect(world.fakes.requests.map(({ headers }) => headers['cookie'])).toEqual([undefined])

    // The browser does hold them, and would send them.
    const visit = await world.driver.newPage('https://api.openai.com/v1/models')
    await visit.close()
    expect(world.fakes.requests.at(-1)?.headers['cookie']).toContain('session=signed-in')
  })
})

/** The text of a stream of chat deltas, put together as an app does. */
function streamedText(events: string): string {
  return [...events.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text).join('')
}
