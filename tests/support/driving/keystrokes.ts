import type { Page } from 'puppeteer'

/**
 * Types letter by letter into the box that has the focus.
 * @returns ms the page's own thread works for each letter until all of it is drawn: script, style and
 * layout; not the wait for the screen's next frame, which is the same for an empty page
 */
export async function keystrokeTimes(page: Page, text: string): Promise<readonly number[]> {
  await page.evaluate(watchInput)
  for (const letter of text) {
    await page.keyboard.type(letter)
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    )
  }
  return page.evaluate(() => (globalThis as unknown as { measured: number[] }).measured)
}

/** Runs in the page. */
function watchInput(): void {
  const measured: number[] = []
  Object.assign(globalThis, { measured })
  let start = 0
  const begin = () => {
    start = performance.now()
  }
  const end = () => {
    // React renders in a microtask of the event; a second one comes after what that one asks for.
    queueMicrotask(() => {
      queueMicrotask(() => {
        document.body.getBoundingClientRect()
        measured.push(performance.now() - start)
      })
    })
  }
  window.addEventListener('input', begin, true)
  window.addEventListener('input', end)
}
