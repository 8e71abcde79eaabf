import { describe, expect, it } from 'vitest'
import { APP, CHAT_URL, chatInit, fetchFrom, useWorld } from './world.ts'

describe('a worker that no debugger keeps alive', () => {
  const world = useWorld('site', { watchWorkers: false })
  const valetKey = () => world.driver.valetKey(APP, 'openai')

  it('waits 45 seconds for a first byte: the keepalive holds it past Chrome’s 30', async () => {
    const key = await valetKey()
    const page = await world.emptyPage()
    world.fakes.behave({ firstByteDelayMs: 45_000 })

    const reply = await fetchFrom(page, CHAT_URL, chatInit(key))

    expect(reply).toMatchObject({ status: 200, rejected: null })
  })

  it('that is killed mid-stream breaks the body at once, and settles at the next start', async () => {
    const key = await valetKey()
    const page = await world.emptyPage()
    world.fakes.behave({ text: 'word '.repeat(400), gapMs: 30 })
    const outcome = page.evaluate(
      async (url, init) => {
        const reader = (await fetch(url, init)).body?.getReader()
        await reader?.read()
        document.title = 'streaming'
        try {
          while (!(await reader?.read())?.done);
          return 'ended'
        } catch (error) {
          return error instanceof Error ? error.name : 'other'
        }
      },
      CHAT_URL,
      chatInit(key, { stream: true }),
    )
    await page.waitForFunction(() => document.title === 'streaming')

    await killWorker()

    expect(await outcome).toBe('TypeError')
    await expect
      .poll(async () => (await world.driver.usage())[0], { timeout: 10_000 })
      .toMatchObject({ ending: 'lost', costSource: 'bound' })
    world.fakes.reset()
    expect(await fetchFrom(page, CHAT_URL, chatInit(key))).toMatchObject({ status: 200 })
  })

  /** Stops it as the browser's own tools do. */
  async function killWorker(): Promise<void> {
    const popup = await world.window('popup.html')
    const session = await popup.createCDPSession()
    await session.send('ServiceWorker.enable')
    await session.send('ServiceWorker.stopAllWorkers')
    await popup.close()
  }
})
