import { browser } from './browser.ts'
import { isDashboardScript } from './dashboard-scripts.ts'
import { sitePattern } from './site-pattern.ts'

const SHIM_FILE = 'content-scripts/shim.js'
const BRIDGE_FILE = 'content-scripts/bridge.js'
const SOCKETS_FILE = 'content-scripts/sockets.js'

export interface PatchedSite {
  readonly origin: string
  /** Whether it may talk live; null: nobody knows while the vault is locked, and what is there stays. */
  readonly live: boolean | null
}

/** The page scripts of switched-on sites: registered for exactly these origins, nothing else. */
export interface SiteScripts {
  /** Makes the registered scripts those of `sites`: adds what is missing, removes all else (C115). */
  reconcile(sites: readonly PatchedSite[]): Promise<void>
  /** Puts the scripts that are registered for this origin into its tabs that are already open. */
  injectIntoOpenTabs(origin: string): Promise<void>
}

export function createSiteScripts(): SiteScripts {
  return {
    async reconcile(sites) {
      const registered = await registeredScripts()
      const has = (id: string): boolean => registered.some((script) => script.id === id)
      const wanted = sites.flatMap(({ origin, live }) => {
        const { bridge, shim, sockets } = scriptsOf(origin)
        // After an update no script is left to go by: sockets that are refused are better than none.
        const isLive = live ?? (has(sockets.id) || !has(shim.id))
        return isLive ? [bridge, shim, sockets] : [bridge, shim]
      })
      const stale = registered.filter((script) => !wanted.some(({ id }) => id === script.id))
      if (stale.length > 0) {
        await browser.scripting.unregisterContentScripts({ ids: stale.map(({ id }) => id) })
      }
      const missing = wanted.filter(({ id }) => !has(id))
      if (missing.length > 0) await chrome.scripting.registerContentScripts(missing)
    },

    async injectIntoOpenTabs(origin) {
      const registered = await registeredScripts()
      const files = Object.values(scriptsOf(origin)).filter(({ id }) =>
        registered.some((script) => script.id === id),
      )
      const tabs = await browser.tabs.query({ url: sitePattern(origin) })
      await Promise.all(
        tabs.map(({ id }) => (id === undefined ? Promise.resolve() : inject(id, files))),
      )
    },
  }
}

async function registeredScripts(): Promise<{ readonly id: string }[]> {
  const all = await browser.scripting.getRegisteredContentScripts()
  return all.filter(({ id }) => !isDashboardScript(id))
}

type Script = chrome.scripting.RegisteredContentScript

function scriptsOf(origin: string): Readonly<Record<'bridge' | 'shim' | 'sockets', Script>> {
  const everywhere: Omit<Script, 'id'> = {
    matches: [sitePattern(origin)],
    allFrames: true,
    matchOriginAsFallback: true,
    runAt: 'document_start',
    persistAcrossSessions: true,
  }
  return {
    bridge: { ...everywhere, id: `bridge ${origin}`, js: [BRIDGE_FILE], world: 'ISOLATED' },
    shim: { ...everywhere, id: `shim ${origin}`, js: [SHIM_FILE], world: 'MAIN' },
    sockets: { ...everywhere, id: `sockets ${origin}`, js: [SOCKETS_FILE], world: 'MAIN' },
  }
}

async function inject(tabId: number, scripts: readonly Script[]): Promise<void> {
  const target = { tabId, allFrames: true }
  try {
    for (const { js = [], world = 'MAIN' } of scripts) {
      await chrome.scripting.executeScript({ target, files: js, world, injectImmediately: true })
    }
  } catch {
    // The tab went away or shows an error page; the registered scripts serve its next load.
  }
}
