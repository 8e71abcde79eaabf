import { browser } from '../adapters/browser.ts'

/** Opens the dashboard in a tab, or goes to the one that is open; the popup is done. */
export function openDashboard(): void {
  void browser.runtime.openOptionsPage().then(() => {
    window.close()
  })
}
