import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'puppeteer'
import { beforeAll, describe, expect, it } from 'vitest'
import { APP, CHAT_URL, OTHER, chatInit, fetchFrom, useWorld } from './world.ts'

const GAP_MS = 800

describe('a page that goes away in the middle of a stream', () => {
  const world = useWorld('site', { watchWorkers: false })

  beforeAll(() => {
    // A page that may not be stored is not kept for the way back either.
    world.apps.serve('/kept', {
      body: '<!doctype html><title>kept</title>',
      headers: { 'cache-control': 'max-age=60' },
    })
  })

  /** A page of the app that is reading an answer of which a piece comes every now and then. */
  async function streamingPage(): Promise<Page> {
    const page = await world.driver.newPage(`${APP}/kept`)
    world.fakes.behave({ text: 'word '.repeat(400), gapMs: GAP_MS })
    const init = chatInit(await world.driver.valetKey(APP, 'openai'), { stream: true })
    await page.evaluate(
      async (url, given) => {
        const reader = (await fetch(url, given)).body?.getReader()
        await reader?.read()
        const readOn = async () => {
          while (!(await reader?.read())?.done);
        }
        readOn().catch((error: unknown) => {
          document.title = error instanceof Error ? error.name : String(error)
        })
      },
      CHAT_URL,
      init,
    )
    return page
  }

  /** What the provider still wrote after the page was told to go, and how the call was settled. */
  async function stopped(leave: () => Promise<unknown>) {
    const reply = world.fakes.requests[0]?.reply
    if (!reply) throw new TypeError('Nothing was sent.')
    const before = reply.writes
    await leave()
    await expect.poll(() => reply.aborted).toBe(true)
    await sleep(1.5 * GAP_MS)
    return { writes: reply.writes - before, row: (await world.driver.usage())[0] }
  }

  const SETTLED = { ending: 'aborted', costSource: 'bound' }

  it('closed: the provider stops within one chunk, and the call is settled', async () => {
    const page = await streamingPage()

    const { writes, row } = await stopped(() => page.close())

    expect(writes).toBeLessThanOrEqual(1)
    expect(row).toMatchObject(SETTLED)
  })

  it('C14: navigated elsewhere: the provider stops within one chunk, and the call is settled', async () => {
    const page = await streamingPage()

    const { writes, row } = await stopped(() => page.goto(`${OTHER}/empty`))

    expect(writes).toBeLessThanOrEqual(1)
    expect(row).toMatchObject(SETTLED)
  })

  it('C14: loaded anew: the provider stops within one chunk, and the new page is served', async () => {
    const page = await streamingPage()

    const { writes, row } = await stopped(() => page.reload())

    expect(writes).toBeLessThanOrEqual(1)
    expect(row).toMatchObject(SETTLED)
    world.fakes.reset()
    const init = chatInit(await world.driver.valetKey(APP, 'openai'))
    expect(await fetchFrom(page, CHAT_URL, init)).toMatchObject({ status: 200 })
  })

  it('C13: kept for the way back: the provider stops within one chunk, the page is told and served again', async () => {
    const page = await streamingPage()
    await page.evaluate(() => {
      window.addEventListener('pageshow', ({ persisted }) => {
        document.body.textContent = `persisted ${String(persisted)}`
      })
    })

    const { writes, row } = await stopped(() => page.goto(`${APP}/empty`))

    expect(writes).toBeLessThanOrEqual(1)
    expect(row).toMatchObject(SETTLED)
    await page.goBack()
    // It is the same document, not a new one.
    await expect.poll(() => page.$eval('body', (body) => body.textContent)).toBe('persisted true')
    await expect.poll(() => page.title()).toBe('TypeError')
    world.fakes.reset()
    const init = chatInit(await world.driver.valetKey(APP, 'openai'))
    expect(await fetchFrom(page, CHAT_URL, init)).toMatchObject({ status: 200 })
  })
})
