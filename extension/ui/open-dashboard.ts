import { browser } from '../adapters/browser.ts'
import { linkTo } from './hooks/use-route.ts'

/** Opens the dashboard at a place of it, in the tab it has or a new one; the popup is done. */
export async function openDashboard(section = '', item = ''): Promise<void> {
  const address = browser.runtime.getURL('/dashboard.html')
  const url = section === '' ? address : address + linkTo(section, item)
  const [open] = await browser.tabs.query({ url: `${address}*` })
  if (open?.id === undefined) await browser.tabs.create({ url })
  else {
    await browser.tabs.update(open.id, { active: true, ...(section === '' ? {} : { url }) })
    if (open.windowId !== undefined) {
      await browser.windows.update(open.windowId, { focused: true })
    }
  }
  window.close()
}
