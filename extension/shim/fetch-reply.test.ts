import { beforeEach, describe, expect, it } from 'vitest'
import { settled, type MemoryBackground } from './__fixtures__/background.ts'
import { PatchedPage, URL_TEXT, headers } from './__fixtures__/patched-page.ts'

let page: PatchedPage
let background: MemoryBackground

beforeEach(() => {
  page = new PatchedPage()
  background = page.background
})

/** The reply begins, and nothing of its body is there yet. */
const sendHead = (callId: string): void => {
  background.send({ type: 'call.head', callId, status: 200, statusText: '', headers: [], url: '' })
}

describe('abort', () => {
  const mine = new RangeError('mine')

  it('before the call: rejects with the reason and asks nobody', async () => {
    const reply = page.fetch(URL_TEXT, { headers, signal: AbortSignal.abort(mine) })

    await expect(reply).rejects.toBe(mine)
    await settled()
    expect(background.messages).toEqual([])
  })

  it('while held: rejects at once and never starts', async () => {
    background.site = null
    const controller = new AbortController()
    const reply = page.fetch(URL_TEXT, { headers, signal: controller.signal })

    controller.abort(mine)

    await expect(reply).rejects.toBe(mine)
    background.send({ type: 'ready', version: 1, site: 'on' })
    await settled()
    expect(background.of('call.start')).toEqual([])
  })

  it('before the head: rejects and stops the provider', async () => {
    const controller = new AbortController()
    const { reply, start } = await page.started(
      new Request(URL_TEXT, { headers, signal: controller.signal }),
    )

    controller.abort(mine)

    await expect(reply).rejects.toBe(mine)
    await background.heard('call.abort')
    expect(background.of('call.abort')).toEqual([{ type: 'call.abort', callId: start.callId }])
  })

  it('in the body: fails what is read, with the reason, and stops the provider', async () => {
    const controller = new AbortController()
    const { reply, start } = await page.started(URL_TEXT, { headers, signal: controller.signal })
    const { callId } = start
    sendHead(callId)
    const reading = (await reply).text()

    controller.abort(mine)

    await expect(reading).rejects.toBe(mine)
    await background.heard('call.abort')
  })

  it('after the end: changes nothing', async () => {
    const controller = new AbortController()
    const { reply, start } = await page.started(URL_TEXT, { headers, signal: controller.signal })
    background.reply(start.callId, 200, ['all of it'])
    const response = await reply
    await settled()

    controller.abort(mine)

    expect(await response.text()).toBe('all of it')
    await settled()
    expect(background.of('call.abort')).toEqual([])
  })

  it('by cancelling the body: stops the provider', async () => {
    const { reply, start } = await page.started(URL_TEXT, { headers })
    const { callId } = start
    sendHead(callId)

    await (await reply).body?.cancel()

    await background.heard('call.abort')
  })

  it('by the wallet: rejects as an abort does', async () => {
    const { reply, start } = await page.started(URL_TEXT, { headers })

    background.fail(start.callId, 'request.aborted')

    await expect(reply).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('credit', () => {
  it('is given for what was read, in steps, and never after the end', async () => {
    const { reply, start } = await page.started(URL_TEXT, { headers })
    const { callId } = start
    const bytes = new Uint8Array(200 * 1024)
    sendHead(callId)
    for (let chunk = 0; chunk < 4; chunk++) background.send({ type: 'call.chunk', callId, bytes })
    const response = await reply
    await settled()
    expect(background.of('call.credit')).toEqual([])

    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.read()
    await background.heard('call.credit')
    expect(background.of('call.credit')).toEqual([
      { type: 'call.credit', callId, bytes: 400 * 1024 },
    ])

    background.send({ type: 'call.end', callId })
    await settled()
    await reader?.read()
    await reader?.read()
    expect((await reader?.read())?.done).toBe(true)
    await settled()
    expect(background.of('call.credit')).toHaveLength(1)
  })
})

describe('errors', () => {
  it('no network: rejects as the browser does', async () => {
    const { reply, start } = await page.started(URL_TEXT, { headers })

    background.fail(start.callId, 'provider.network')

    await expect(reply).rejects.toThrow(new TypeError('Failed to fetch'))
  })

  it('a lost wallet: a response no SDK retries', async () => {
    const { reply, start } = await page.started(URL_TEXT, { headers })

    background.fail(start.callId, 'wallet.lost')

    const response = await reply
    expect(response.status).toBe(502)
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect(response.headers.get('x-valetkey-error')).toBe('wallet.lost')
    expect(response.url).toBe(URL_TEXT)
    expect(await response.json()).toMatchObject({
      error: { code: 'wallet.lost', message: 'A sentence.' },
    })
  })

  it.each(['wallet.lost', 'provider.network'])('%s in the body: a broken line', async (code) => {
    const { reply, start } = await page.started(URL_TEXT, { headers })
    const { callId } = start
    sendHead(callId)
    const response = await reply
    const reading = response.clone().text()
    const pulling = response.body?.getReader().read()

    background.fail(callId, code)

    // The browser says one to who reads it whole, the other to who reads the stream.
    await expect(reading).rejects.toThrow(new TypeError('Failed to fetch'))
    await expect(pulling).rejects.toThrow(new TypeError('network error'))
  })

  it.each([700, 0])(
    'a head no browser would take (%d): rejects and stops the provider',
    async (status) => {
      const { reply, start } = await page.started(URL_TEXT, { headers })
      const { callId } = start

      background.send({ type: 'call.head', callId, status, statusText: '', headers: [], url: '' })

      await expect(reply).rejects.toThrow(new TypeError('Failed to fetch'))
      await background.heard('call.abort')
    },
  )
})

describe('a reply without a body', () => {
  it.each([
    ['GET', 204],
    ['GET', 304],
    ['HEAD', 200],
  ])('%s %d', async (method, status) => {
    const { reply, start } = await page.started(URL_TEXT, { method, headers })

    background.reply(start.callId, status, ['stray'])

    const response = await reply
    expect(response.status).toBe(status)
    expect(response.body).toBeNull()
    expect(await response.text()).toBe('')
  })
})
