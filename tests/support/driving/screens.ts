import { setTimeout as sleep } from 'node:timers/promises'
import type { ElementHandle, Page } from 'puppeteer'

/** Time a screen has to show what is waited for; Argon2id and a slow machine included. */
const SCREEN_TIMEOUT_MS = 30_000
const POLL_MS = 50

/** Clicks the control of that role and exact name, once it is there and enabled. */
export async function press(page: Page, role: string, name: string): Promise<void> {
  const control = await waitFor(page, `${role} “${name}”`, () => findEnabled(page, role, name))
  await control.evaluate((element) => {
    element.scrollIntoView({ block: 'center' })
  })
  await waitFor(page, `${role} “${name}” at rest`, () => atRest(control))
  await control.click()
}

/** A list that still loads moves what stands below it: a click there would land on something else. */
async function atRest(control: ElementHandle): Promise<true | null> {
  const before = await control.boundingBox()
  await sleep(2 * POLL_MS)
  const after = await control.boundingBox()
  return before !== null && before.y === after?.y && before.x === after.x ? true : null
}

/** Fills a text box named by its label, as a paste does: real input events, any length. */
export async function fill(page: Page, label: string, text: string): Promise<void> {
  const box = await waitFor(page, `box “${label}”`, () => findEnabled(page, 'textbox', label))
  await box.click({ count: 3 })
  await page.keyboard.sendCharacter(text)
}

/** Chooses a value of a native select named by its label. */
export async function choose(page: Page, label: string, value: string): Promise<void> {
  const box = await waitFor(page, `list “${label}”`, () => findEnabled(page, 'combobox', label))
  await box.select(value)
}

/** Waits for an element and returns its text. */
export async function textAt(page: Page, selector: string): Promise<string> {
  const element = await waitFor(page, selector, () => page.$(selector))
  return element.evaluate((found) => found.textContent.trim())
}

/** Waits until the screen shows a sentence. */
export async function says(page: Page, sentence: string): Promise<void> {
  await waitFor(page, `“${sentence}”`, async () =>
    (await page.evaluate(() => document.body.innerText)).includes(sentence) ? true : null,
  )
}

/** The state of a switch: `aria-checked`. */
export async function isSwitchedOn(page: Page, name: string): Promise<boolean> {
  const control = await waitFor(page, `switch “${name}”`, () => find(page, 'switch', name))
  return control.evaluate((element) => element.getAttribute('aria-checked') === 'true')
}

/**
 * Polls until something is there.
 * @throws Error that quotes the screen, since that is where the reason stands
 */
export async function waitFor<T>(
  page: Page,
  what: string,
  look: () => Promise<T | null>,
): Promise<T> {
  const deadline = Date.now() + SCREEN_TIMEOUT_MS
  while (Date.now() < deadline) {
    // A screen that redraws takes elements away while they are looked at.
    const found = await look().catch(() => null)
    if (found !== null) return found
    await sleep(POLL_MS)
  }
  const screen = await page.evaluate(() => document.body.innerText).catch(() => '(closed)')
  throw new Error(`No ${what} on ${page.url()}. The screen says:\n${screen}`)
}

function find(page: Page, role: string, name: string): Promise<ElementHandle | null> {
  return page.$(`::-p-aria([name="${name}"][role="${role}"])`)
}

async function findEnabled(page: Page, role: string, name: string): Promise<ElementHandle | null> {
  const control = await find(page, role, name)
  const isEnabled = await control?.evaluate((element) => !element.matches(':disabled'))
  return isEnabled ? control : null
}
