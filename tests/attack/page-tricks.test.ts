import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'puppeteer'
import { beforeAll, describe, expect, it } from 'vitest'
import { useWorld } from '../e2e/world.ts'
import { asksWithin, closeAsking } from '../support/driving/capture-window.ts'
import { SAVE, middleOf, shownToast, toastsOf } from '../support/driving/toast.ts'
import { createTestKey } from '../support/test-keys.ts'
import { inWorker } from './attempt.ts'
import { COVER_TRICKS } from './page-tricks/covers.ts'
import { REALM_TRICKS, SYNTHETIC_TRICKS } from './page-tricks/realm.ts'
import { STYLE_TRICKS } from './page-tricks/styles.ts'
import type { PageTrick } from './page-tricks/trick.ts'
import { ARMED_MS, landsUnpressed, landsUnseen, readToast, type Stage } from './press-unseen.ts'

const URL = 'https://platform.openai.com/tricks'
const DELAYED = 'https://platform.openai.com/delayed'
/** Time in which what a press says has long reached the background. */
const ANSWER_MS = 80
/** The longest that an honest press may take to be heard, on a busy machine too. */
const HEARD_MS = 3_000
/** Most of the time of a trick is waiting. */
const LANES = 4
const SIZE = { width: 800, height: 560 }

describe('a dashboard that was taken over', () => {
  const world = useWorld('keys', { providers: [], appHosts: ['platform.openai.com'] })
  /** Each lane has a URL of its own: nothing of it is taken for another's. */
  let laneCount = 0
  const box = `<input readonly autocomplete="off" value="${createTestKey('openai', 'tricks')}">`

  beforeAll(() => {
    const page = (body: string) => ({
      body: `<!doctype html><html lang="en"><title>Keys</title><body>${body}</body></html>`,
    })
    world.apps.serve('/tricks', page(box))
    // It shows a key with the first press, wherever that lands.
    world.apps.serve(
      '/delayed',
      page(
        `<template>${box}</template><script>
          addEventListener('pointerdown', () => {
            document.body.append(document.querySelector('template').content)
          }, { once: true })
        </script>`,
      ),
    )
  })

  it('C51: gets no press on a toast it made invisible, small, unreadable, or took elsewhere', async () => {
    expect(await landed(STYLE_TRICKS, landsUnseen)).toEqual([])
  })

  it('C52: gets no press through something it laid over the toast', async () => {
    expect(await landed(COVER_TRICKS, landsUnseen)).toEqual([])
  })

  it('C53: presses nothing by script, and leads no key of the keyboard to the toast', async () => {
    expect(await landed(SYNTHETIC_TRICKS, landsUnpressed)).toEqual([])
  })

  it('C53: gets no press by what it made of its own world before the toast came', async () => {
    expect(await landed(REALM_TRICKS, landsUnseen)).toEqual([])
  })

  it('C54: a toast that comes under the pointer of somebody who presses twice takes no press', async () => {
    const stage = await openStage(URL)
    const { page } = stage
    const { x, y } = middleOf(await shownToast(page), SAVE)
    await expectHonestPress(stage, URL)
    await page.goto(DELAYED)
    await page.mouse.click(x, y)
    let pressedAfter = 0
    for (const deadline = Date.now() + 5_000; pressedAfter < 4 && Date.now() < deadline;) {
      const [toast] = await toastsOf(page)
      await page.mouse.click(x, y)
      // As fast as the second press of a double click, and the third.
      if (toast?.box) pressedAfter += 1
      await sleep(60)
    }

    expect(pressedAfter).toBe(4)
    expect(await taken(page)).toBe(false)
    expect(await asksWithin(world.driver, 300)).toBe(false)
    await page.close()
  })

  /** The names of the tricks after which a press was taken that nobody meant; three windows at a time. */
  async function landed(
    tricks: readonly PageTrick[],
    play: (stage: Stage, trick: PageTrick) => Promise<boolean>,
  ): Promise<string[]> {
    const waiting = [...tricks]
    const lanes = Array.from({ length: LANES }, async () => {
      const stage = await openStage(`${URL}?lane=${laneCount++}`)
      const names: string[] = []
      for (let trick = waiting.shift(); trick; trick = waiting.shift()) {
        if (await play(stage, trick)) names.push(trick.name)
      }
      // Nothing would be taken either where nothing works any more.
      await expectHonestPress(stage, stage.url)
      await stage.page.close()
      return names
    })
    return (await Promise.all(lanes)).flat()
  }

  /** A window of its own: one that is behind another is not seen. */
  async function openStage(url: string): Promise<Stage> {
    await inWorker(world, COUNT_PROPOSALS)
    const page = await world.driver.browser.newPage({ type: 'window' })
    await page.setViewport(SIZE)
    await page.mouse.move(1, 1)
    await page.goto(url)
    return { page, url, taken: () => taken(page), ...(await readToast(page)) }
  }

  /** Whether a press was taken: the script proposed a key. Its window is closed, which is a no. */
  async function taken(page: Page): Promise<boolean> {
    await sleep(ANSWER_MS)
    const count = await inWorker(world, `takeProposals(${JSON.stringify(page.url())})`)
    if (count === 0) return false
    await asksWithin(world.driver, 2_000)
    await closeAsking(world.driver)
    return true
  }

  async function isHeard(page: Page): Promise<boolean> {
    for (const deadline = Date.now() + HEARD_MS; Date.now() < deadline;) {
      if (await taken(page)) return true
    }
    return false
  }

  /** Somebody who sees the toast presses it, and once more where the page was slow to show it. */
  async function expectHonestPress({ page }: { page: Page }, url: string): Promise<void> {
    if (page.url() === url) await page.reload()
    else await page.goto(url)
    const { x, y } = middleOf(await shownToast(page), SAVE)
    await sleep(ARMED_MS)
    await page.mouse.click(x, y)
    if (await isHeard(page)) return
    await page.mouse.click(x, y)
    expect(await isHeard(page), 'an honest press').toBe(true)
  }
})

/** Runs in our worker, beside its own listener: who proposed a key. */
const COUNT_PROPOSALS = `if (!globalThis.takeProposals) {
  const proposals = []
  chrome.runtime.onMessage.addListener((message, sender) => {
    if (message?.type === 'capture.propose') proposals.push(sender.url)
  })
  globalThis.takeProposals = (url) => {
    const own = proposals.filter((one) => one === url)
    proposals.splice(0, proposals.length, ...proposals.filter((one) => one !== url))
    return own.length
  }
}`
