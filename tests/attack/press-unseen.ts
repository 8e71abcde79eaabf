import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'puppeteer'
import { SAVE, shownToast, toastsOf, type Box, type ShownToast } from '../support/driving/toast.ts'
import { makeTools, type PageTrick, type Places } from './page-tricks/trick.ts'

/** What a run of tricks needs. */
export interface Stage {
  readonly page: Page
  /** A page that shows a key, and nothing but white where the toast will be. */
  readonly url: string
  /** Whether a press was taken; whatever opened is closed again. */
  taken(): Promise<boolean>
  /** The toast as it looks when nobody tampers with it. */
  readonly picture: string
  readonly places: Places
}

/** Time in which a toast that is seen all the while has become one that takes presses. */
export const ARMED_MS = 850
/** A browser observes what is visible ten times a second. */
const SETTLE_MS = 180

/** Looks at the toast, undisturbed. */
export async function readToast(page: Page): Promise<{ picture: string; places: Places }> {
  const toast = await shownToast(page)
  const save = toast.buttons.get(SAVE)
  if (!toast.box || !save) throw new Error(`The toast has no “${SAVE}”: ${toast.text}`)
  return { picture: await pictureOf(page, toast.box), places: { toast: toast.box, save } }
}

/**
 * Plays a trick and presses, with the browser's own pointer, where the button was and where it is now.
 * @returns whether a press was taken although the toast did not look as it does when nobody tampers with it
 */
export async function landsUnseen(stage: Stage, trick: PageTrick): Promise<boolean> {
  const { page, places } = stage
  await open(stage, trick)
  const before = [places.save]
  const now = (await firstToast(page))?.buttons.get(SAVE)
  if (now && !isSame(now, places.save) && isInside(now)) before.push(now)
  for (const spot of before) {
    const isPlain = trick.flickers !== true && (await looksPlain(stage))
    await page.mouse.click(spot.x + spot.width / 2, spot.y + spot.height / 2)
    const taken = await stage.taken()
    if (taken && !isPlain) return true
    if (taken) break
  }
  return false
}

/** Plays a trick after which nobody presses anything but keys. @returns whether anything was taken */
export async function landsUnpressed(stage: Stage, trick: PageTrick): Promise<boolean> {
  await open(stage, trick)
  for (const key of ['Enter', 'Space'] as const) await stage.page.keyboard.press(key)
  return stage.taken()
}

async function open({ page, url, places }: Stage, trick: PageTrick): Promise<void> {
  const prepared = trick.prepare && (await page.evaluateOnNewDocument(trick.prepare))
  await page.mouse.move(1, 1)
  await page.goto(url)
  if (prepared) {
    await page.removeScriptToEvaluateOnNewDocument(prepared.identifier)
    // It may never come.
    await Promise.race([shownToast(page).catch(() => null), sleep(1_000)])
  } else await shownToast(page)
  // Sooner no press is taken at all, and no trick would show anything.
  await sleep(ARMED_MS)
  const host = await page.$('valetkey-toast')
  await host?.evaluate((element, style) => {
    const on = style?.on === 'page' ? [document.documentElement, document.body] : [element]
    for (const one of on) {
      ;(one as HTMLElement).style.setProperty(
        style?.['property'] ?? '',
        style?.['value'] ?? '',
        'important',
      )
    }
  }, trick.style)
  if (trick.run && host) {
    const tools = await page.evaluateHandle(makeTools)
    await page.evaluate(trick.run, host as never, places, tools as never)
    if (trick.pressed) await page.mouse.click(5, 5)
  }
  await sleep(SETTLE_MS)
}

/** The very same picture where the toast is now: white around it, so that it may have moved. */
async function looksPlain({ page, picture }: Stage): Promise<boolean> {
  const box = (await firstToast(page))?.box
  if (!box || !isInside(box)) return false
  return (await pictureOf(page, box)) === picture
}

async function firstToast(page: Page): Promise<ShownToast | undefined> {
  return (await toastsOf(page)).find(({ buttons }) => buttons.size > 0)
}

function pictureOf(page: Page, clip: Box): Promise<string> {
  return page.screenshot({
    ...{ clip, encoding: 'base64', optimizeForSpeed: true, captureBeyondViewport: false },
  })
}

function isSame(one: Box, other: Box): boolean {
  return Math.abs(one.x - other.x) < 1 && Math.abs(one.y - other.y) < 1
}

function isInside({ x, y, width, height }: Box): boolean {
  return width > 0 && height > 0 && x > 0 && y > 0 && x + width < 3_000 && y + height < 3_000
}
