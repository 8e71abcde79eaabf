import { browser } from './browser.ts'

/** Whether a tab is the one its window shows. Known without any permission. */
export async function isTabShown(tabId: number | undefined): Promise<boolean> {
  if (tabId === undefined) return false
  try {
    return (await browser.tabs.get(tabId)).active
  } catch {
    return false
  }
}

/** Takes a tab elsewhere. Known without any permission. */
export async function moveTab(tabId: number, url: string): Promise<void> {
  await browser.tabs.update(tabId, { url })
}
