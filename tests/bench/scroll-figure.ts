/** `ui/scroll-10k`: how long frames take while the list of keys in the dashboard runs by. */
import type { Page } from 'puppeteer'
import { askFrom } from '../support/driving/extension-messages.ts'
import { waitFor } from '../support/driving/screens.ts'
import { PASSPHRASE } from './bench-browser.ts'
import type { Pairs } from './row.ts'

const WARM_UPS = 2
/** Frames of one series, half of them down and half of them up again. */
const FRAMES = 90
/** Of each frame: a fast flick. Every frame draws a row or two that was not there. */
const STEP_PX = 100
/** Low enough that ten keys have something to scroll. */
const VIEWPORT = { width: 1100, height: 420 }

/** @returns of each series the frame that one in twenty was slower than, in ms */
export async function scrollTimes(
  windows: { readonly large: Page; readonly small: Page },
  pairs: number,
): Promise<Pairs> {
  const [large, small] = [await openList(windows.large), await openList(windows.small)]
  const ours: number[] = []
  const reference: number[] = []
  for (let pair = -WARM_UPS; pair < pairs; pair++) {
    const [many, few] = [await slowFrame(large), await slowFrame(small)]
    if (pair < 0) continue
    ours.push(many)
    reference.push(few)
  }
  await Promise.all([large.close(), small.close()])
  return { ours, reference }
}

async function openList(window: Page): Promise<Page> {
  await askFrom(window, 'vault.unlock', { passphrase: PASSPHRASE })
  const { origin } = await window.evaluate(() => ({ origin: location.origin }))
  const page = await window.browser().newPage()
  await page.setViewport(VIEWPORT)
  await page.goto(`${origin}/dashboard.html#keys`)
  await waitFor(page, 'list', () => page.$('li[data-index]'))
  return page
}

async function slowFrame(page: Page): Promise<number> {
  const frames = await page.evaluate(scrollAndTime, FRAMES, STEP_PX)
  const sorted = frames.toSorted((one, other) => one - other)
  return sorted[Math.floor(0.95 * sorted.length)] ?? 0
}

/** Runs in the dashboard: scrolls once a frame, and notes how long each frame was. */
function scrollAndTime(count: number, stepPx: number): Promise<number[]> {
  window.scrollTo(0, 0)
  return new Promise((resolve) => {
    const times: number[] = []
    let last = 0
    const onFrame = (now: number) => {
      if (last > 0) times.push(now - last)
      last = now
      if (times.length >= count) {
        resolve(times)
        return
      }
      window.scrollBy(0, times.length < count / 2 ? stepPx : -stepPx)
      requestAnimationFrame(onFrame)
    }
    requestAnimationFrame(onFrame)
  })
}
