import type { RecordFields } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { keystrokeTimes } from '../support/driving/keystrokes.ts'
import { press, fill, waitFor } from '../support/driving/screens.ts'
import { seedVault } from '../support/driving/seed-vault.ts'
import { PASSPHRASE, useWorld } from './world.ts'

const COUNT = 10_000
/** Time of one frame: what a keystroke may take. */
const FRAME_MS = 16

const keys = Array.from({ length: COUNT }, (_, index): RecordFields<'key'> => ({
  ...{ provider: index % 2 === 0 ? 'openai' : 'groq', baseUrl: null },
  ...{ secret: `test-${index}`, label: `Project number ${index}`, notes: `Notes of ${index}` },
  ...{ createdAt: 1_700_000_000_000 + index, expiresAt: null, lastTest: null },
  ...{ order: (index + 1) * 1024, archived: false },
}))

const rowCount = (page: Page) => page.$$eval('li[data-index]', (rows) => rows.length)
const listed = (page: Page) =>
  waitFor(page, 'list', async () => ((await rowCount(page)) > 0 ? true : null))

async function typeAndMeasure(page: Page, text: string): Promise<readonly number[]> {
  await page.focus('input[inputmode="search"]')
  return keystrokeTimes(page, text)
}

/** Milliseconds of the page's own work at each of sixty leaps, until the rows are laid out. */
const scrollAndMeasure = (page: Page) =>
  page.evaluate(async () => {
    const drawing: number[] = []
    let start = 0
    const begin = () => {
      start = performance.now()
    }
    const end = () => {
      document.body.getBoundingClientRect()
      drawing.push(performance.now() - start)
    }
    window.addEventListener('scroll', begin, true)
    window.addEventListener('scroll', end)
    for (let step = 0; step < 60; step++) {
      window.scrollBy(0, -3000)
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
    return drawing
  })

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity

describe('ten thousand keys', () => {
  const world = useWorld('nothing')

  it('are unlocked, searched within a frame a letter, walked and scrolled', async () => {
    const page = await world.window('dashboard.html#keys')
    await seedVault(page, PASSPHRASE, keys)
    await page.reload()
    await fill(page, 'Passphrase', PASSPHRASE)
    await press(page, 'button', 'Unlock')
    await listed(page)

    // Only what is seen is drawn.
    expect(await rowCount(page)).toBeLessThan(60)
    const times = await typeAndMeasure(page, 'number 77 groq notes')
    expect(times).toHaveLength('number 77 groq notes'.length)
    expect(median(times)).toBeLessThan(FRAME_MS)
    expect(await page.evaluate(() => document.body.innerText)).toContain('Groq · Project number 77')

    await page.keyboard.press('Escape')
    await waitFor(page, 'all of them', async () =>
      (await page.$eval('li[data-index]', (row) => row.getAttribute('aria-setsize'))) ===
      String(COUNT)
        ? true
        : null,
    )
    await page.focus('li[data-index="0"] a')
    await page.keyboard.press('End')
    await waitFor(page, 'the last row in focus', async () =>
      (await page.evaluate(
        () => document.activeElement?.closest('li')?.getAttribute('aria-posinset') ?? '',
      )) === String(COUNT)
        ? true
        : null,
    )

    const drawing = await scrollAndMeasure(page)
    expect(drawing.length).toBeGreaterThan(50)
    // A busy machine takes a frame or two; a list that is drawn whole takes seconds.
    expect(median(drawing)).toBeLessThan(3 * FRAME_MS)
    await page.close()
  })

  it('are searched within a frame a letter in the popup too', async () => {
    const popup = await world.window('popup.html')
    await waitFor(popup, 'search', () => popup.$('input[inputmode="search"]'))
    const times = await typeAndMeasure(popup, 'number 9999')

    expect(median(times)).toBeLessThan(FRAME_MS)
    expect(await popup.evaluate(() => document.body.innerText)).toContain('Project number 9999')
    await popup.close()
  })
})
