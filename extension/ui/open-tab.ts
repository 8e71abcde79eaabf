import { browser } from '../adapters/browser.ts'

/** Opens a page of ours in a tab of its own; the window that asks for it stays. */
export function openTab(path: string): void {
  void browser.tabs.create({ url: browser.runtime.getURL(path) })
}

/** A vault is made in a tab: a popup closes, and forgets what was typed, at the first click beside it. */
export function openWelcome(): void {
  openTab('/welcome.html')
}
