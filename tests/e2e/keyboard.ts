import type { Page } from 'puppeteer'

/** More than any screen has: a walk that has not come round by then goes in a circle of its own. */
const MOST_STOPS = 200

/**
 * Walks a screen by Tab from its top until the focus has left it.
 * @returns the names of the controls in sight that the walk did not come to, and of stops without a
 * visible ring; empty is a screen that can be used without a mouse
 */
export async function unreached(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    document.body.tabIndex = -1
    document.body.focus()
    document.body.removeAttribute('tabindex')
  })
  const faults: string[] = []
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press('Tab')
    const fault = await page.evaluate(markStop)
    if (fault === 'left') break
    if (fault !== '') faults.push(fault)
  }
  return [...faults, ...(await page.evaluate(unmarked))]
}

/** Runs in the page: notes the control that has the focus. @returns what is wrong with it */
function markStop(): string {
  const stop = document.activeElement
  if (!stop || stop === document.body || stop.hasAttribute('data-walked')) return 'left'
  stop.setAttribute('data-walked', '')
  // A group of radio buttons is one stop: the arrows walk it.
  if (stop instanceof HTMLInputElement && stop.type === 'radio') {
    for (const each of document.getElementsByName(stop.name)) each.setAttribute('data-walked', '')
  }
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(stop)
  const hasRing = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
  return hasRing ? '' : `no ring: ${stop.outerHTML.slice(0, 120)}`
}

/** Runs in the page. */
function unmarked(): string[] {
  const controls = document.querySelectorAll(
    'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [role=switch]',
  )
  return [...controls]
    .filter((control) => control.checkVisibility({ visibilityProperty: true }))
    .filter(
      (control) => !control.hasAttribute('data-walked') && !control.matches('[tabindex="-1"]'),
    )
    .map((control) => `not reached: ${control.outerHTML.slice(0, 120)}`)
}
