import { browser } from '../adapters/browser.ts'

/** Opens a page of ours in a tab of its own; the window that asks for it stays. */
export async function openTab(path: string): Promise<void> {
  await browser.tabs.create({ url: browser.runtime.getURL(path) })
}

/** A vault is made in a tab: a popup closes, and forgets what was typed, at the first click beside it. */
export function openWelcome(): void {
  void openTab('/welcome.html')
}

/** The same from a window that is done with it. */
export function leaveForWelcome(): void {
  void openTab('/welcome.html').then(() => {
    window.close()
  })
}
