import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { waitFor } from '../support/driving/screens.ts'
import { useKiller } from './worker-killer.ts'
import { APP, CHAT_URL, chatInit, fetchFrom, useWorld } from './world.ts'

describe('a worker that no debugger keeps alive', () => {
  const world = useWorld('site', { watchWorkers: false })
  const killer = useKiller(world)
  const valetKey = () => world.driver.valetKey(APP, 'openai')

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

    await killer.kill()

    expect(await outcome).toBe('TypeError')
    await expect
      .poll(async () => (await world.driver.usage())[0], { timeout: 10_000 })
      .toMatchObject({ ending: 'lost', costSource: 'bound' })
    world.fakes.reset()
    expect(await fetchFrom(page, CHAT_URL, chatInit(key))).toMatchObject({ status: 200 })
  })

  it('that dies again and again while a window asks it leaves no error in the window', async () => {
    const speaker = await world.window('popup.html')
    const popup = await world.window('popup.html')
    await waitFor(popup, 'list of keys', () => popup.$('::-p-text(openai 1)'))

    for (let round = 0; round < 8; round++) {
      const questions = speaker.evaluate(async () => {
        const until = performance.now() + 300
        while (performance.now() < until) {
          // Every open window reads anew, as after each change.
          void chrome.runtime.sendMessage({ type: 'state-changed' }).catch(() => undefined)
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
      })
      await sleep(100)
      await killer.kill()
      await questions
      await world.driver.usage()
      expect(await popup.$$eval('[role="alert"]', (found) => found.length)).toBe(0)
    }
    expect(await popup.evaluate(() => document.body.innerText)).toContain('openai 1')
  })
})
