import { browser } from './browser.ts'
import { isDashboardScript } from './dashboard-scripts.ts'
import { sitePattern } from './site-pattern.ts'

const SHIM_FILE = 'content-scripts/shim.js'
const BRIDGE_FILE = 'content-scripts/bridge.js'

/** The page scripts of switched-on sites: registered for exactly these origins, nothing else. */
export interface SiteScripts {
  /** Makes the registered scripts those of `origins`: adds what is missing, removes all else (C115). */
  reconcile(origins: readonly string[]): Promise<void>
  /** Puts the scripts into tabs of this origin that are already open. */
  injectIntoOpenTabs(origin: string): Promise<void>
}

export function createSiteScripts(): SiteScripts {
  return {
    async reconcile(origins) {
      const all = await browser.scripting.getRegisteredContentScripts()
      const registered = all.filter(({ id }) => !isDashboardScript(id))
      const wanted = origins.flatMap(scriptsOf)
      const stale = registered.filter((script) => !wanted.some(({ id }) => id === script.id))
      if (stale.length > 0) {
        await browser.scripting.unregisterContentScripts({ ids: stale.map(({ id }) => id) })
      }
      const missing = wanted.filter(({ id }) => !registered.some((script) => script.id === id))
      if (missing.length > 0) await chrome.scripting.registerContentScripts(missing)
    },

    async injectIntoOpenTabs(origin) {
      const tabs = await browser.tabs.query({ url: sitePattern(origin) })
      await Promise.all(tabs.map(({ id }) => (id === undefined ? Promise.resolve() : inject(id))))
    },
  }
}

function scriptsOf(origin: string): chrome.scripting.RegisteredContentScript[] {
  const everywhere: Omit<chrome.scripting.RegisteredContentScript, 'id'> = {
    matches: [sitePattern(origin)],
    allFrames: true,
    matchOriginAsFallback: true,
    runAt: 'document_start',
    persistAcrossSessions: true,
  }
  return [
    { ...everywhere, id: `bridge ${origin}`, js: [BRIDGE_FILE], world: 'ISOLATED' },
    { ...everywhere, id: `shim ${origin}`, js: [SHIM_FILE], world: 'MAIN' },
  ]
}

async function inject(tabId: number): Promise<void> {
  const target = { tabId, allFrames: true }
  try {
    await chrome.scripting.executeScript({ target, files: [BRIDGE_FILE], injectImmediately: true })
    await chrome.scripting.executeScript({
      target,
      files: [SHIM_FILE],
      world: 'MAIN',
      injectImmediately: true,
    })
  } catch {
    // The tab went away or shows an error page; the registered scripts serve its next load.
  }
}
