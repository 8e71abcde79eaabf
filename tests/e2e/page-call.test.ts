import { describe, expect, it } from 'vitest'
import { APP, CHAT_URL, OTHER, chatInit, fetchFrom, useWorld } from './world.ts'

describe('a page that ValetKey is on for', () => {
  const world = useWorld('site')
  const valetKey = () => world.driver.valetKey(APP, 'openai')

  it('gets the provider’s answer; the provider gets the key, and nothing of the page’s origin', async () => {
    const page = await world.emptyPage()
    const reply = await fetchFrom(page, CHAT_URL, chatInit(await valetKey()))

    expect(reply).toMatchObject({ status: 200, url: CHAT_URL, rejected: null })
    expect(reply.text).toContain('The valet parks the car')
    const [request] = world.fakes.requests
    expect(world.fakes.requests).toHaveLength(1)
    expect(request).toMatchObject({ method: 'POST', key: world.keys.openai, valetKeys: [] })
    expect(request?.headers['origin']).toBeUndefined()
    expect(request?.headers['cookie']).toBeUndefined()
  })

  it('spends: one usage row, and the popup shows it', async () => {
    const before = (await world.driver.usage()).length
    await fetchFrom(await world.emptyPage(), CHAT_URL, chatInit(await valetKey()))

    const rows = await world.driver.usage()
    expect(rows).toHaveLength(before + 1)
    expect(rows[0]).toMatchObject({
      provider: 'openai',
      model: 'gpt-4o-mini',
      ending: 'done',
      costSource: 'usage',
    })
    expect(rows[0]?.costNanoUsd).toBeGreaterThan(0)
  })

  it('streams: the first piece is there long before the last', async () => {
    world.fakes.behave({ text: 'one two three four five six seven eight', gapMs: 60 })
    const page = await world.emptyPage()
    const times = await page.evaluate(
      async (url, init) => {
        const reader = (await fetch(url, init)).body?.getReader()
        const seen: number[] = []
        while (reader && !(await reader.read()).done) seen.push(performance.now())
        return seen
      },
      CHAT_URL,
      chatInit(await valetKey(), { stream: true }),
    )

    expect(times.length).toBeGreaterThan(4)
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(200)
  })

  it('stops the provider when it aborts', async () => {
    world.fakes.behave({ text: 'word '.repeat(400), gapMs: 30 })
    const page = await world.emptyPage()
    const outcome = await page.evaluate(
      async (url, init) => {
        const abort = new AbortController()
        const reply = await fetch(url, { ...init, signal: abort.signal })
        const reader = reply.body?.getReader()
        await reader?.read()
        abort.abort()
        try {
          while (!(await reader?.read())?.done);
          return 'ended'
        } catch (error) {
          return error instanceof DOMException ? error.name : 'other'
        }
      },
      CHAT_URL,
      chatInit(await valetKey(), { stream: true }),
    )

    expect(outcome).toBe('AbortError')
    await expect.poll(() => world.fakes.requests[0]?.reply.aborted, { timeout: 3000 }).toBe(true)
    await expect
      .poll(async () => (await world.driver.usage())[0], { timeout: 3000 })
      .toMatchObject({ ending: 'aborted', costSource: 'bound' })
  })

  it('stops the provider when it is closed', async () => {
    world.fakes.behave({ text: 'word '.repeat(400), gapMs: 30 })
    const page = await world.emptyPage()
    await page.evaluate(
      async (url, init) => {
        await (await fetch(url, init)).body?.getReader().read()
      },
      CHAT_URL,
      chatInit(await valetKey(), { stream: true }),
    )

    await page.close()

    await expect.poll(() => world.fakes.requests[0]?.reply.aborted, { timeout: 3000 }).toBe(true)
  })

  it('keeps its own requests untouched when they carry no valet key', async () => {
    world.apps.serve('/data.json', { contentType: 'application/json', body: '{"a":1}' })
    const page = await world.emptyPage()
    const reply = await fetchFrom(page, `${APP}/data.json`, {
      headers: { authorization: 'Bearer own' },
    })

    expect(reply).toMatchObject({ status: 200, text: '{"a":1}', type: 'basic' })
    expect(world.apps.requests.at(-1)?.headers['authorization']).toBe('Bearer own')
  })

  it('sends its valet key to its own server unchanged: nothing is swapped (C30)', async () => {
    const page = await world.emptyPage()
    await fetchFrom(page, `${APP}/api/chat`, chatInit(await valetKey()))

    expect(world.apps.requests.at(-1)?.headers['authorization']).toBe(`Bearer ${await valetKey()}`)
    expect(world.fakes.requests).toEqual([])
  })
})

describe('a page that ValetKey is not on for', () => {
  const world = useWorld('site')

  it('gets the provider’s own 401 for a valet key of another site, and the wallet sends nothing (C1)', async () => {
    world.fakes.expectValetKeys(true)
    const valetKey = await world.driver.valetKey(APP, 'groq')
    const page = await world.emptyPage(OTHER)
    const reply = await fetchFrom(
      page,
      'https://api.groq.com/openai/v1/chat/completions',
      chatInit(valetKey),
    )

    expect(reply.status).toBe(401)
    expect(world.fakes.requests.every(({ key }) => key === null)).toBe(true)
  })

  it('has nothing injected: its fetch is the browser’s own', async () => {
    const source = () => Function.prototype.toString.call(window.fetch)
    const other = await world.emptyPage(OTHER)
    const app = await world.emptyPage()

    expect(await other.evaluate(source)).toBe('function fetch() { [native code] }')
    expect(await app.evaluate(source)).not.toBe('function fetch() { [native code] }')
  })
})
