import { DASHBOARDS, type Dashboard } from '@valetkey/wallet/capture'
import { createTurns } from '@valetkey/wallet/protocol'
import { browser } from './browser.ts'
import { sitePattern } from './site-pattern.ts'

const CAPTURE_FILE = 'content-scripts/capture.js'
const COPIES_FILE = 'content-scripts/copies.js'
/** What the names of these scripts begin with: those of switched-on sites are no business of theirs. */
const PREFIX = 'dashboard '

/** The scripts of dashboards the person picks keys up on: those whose browser permission they gave. */
export interface DashboardScripts {
  /** Makes the registered scripts those of the permissions that are there (C115). */
  reconcile(): Promise<void>
  /** The same, and puts them into the pages of these patterns that are already open. */
  follow(patterns: readonly string[]): Promise<void>
}

/** Whether a script of that name is one of these. */
export function isDashboardScript(id: string): boolean {
  return id.startsWith(PREFIX)
}

export function createDashboardScripts(): DashboardScripts {
  const alone = createTurns()
  const reconcile = () => alone(register)
  return {
    reconcile,
    async follow(patterns) {
      await reconcile()
      const given = optionalDashboards().filter((each) => patterns.includes(patternOf(each)))
      await Promise.all(given.map(injectIntoOpenTabs))
    },
  }
}

async function register(): Promise<void> {
  const held = await Promise.all(optionalDashboards().map(holds))
  const wanted = optionalDashboards().flatMap((each, at) => (held[at] ? scriptsOf(each) : []))
  const registered = (await browser.scripting.getRegisteredContentScripts()).filter(({ id }) =>
    isDashboardScript(id),
  )
  const stale = registered.filter(({ id }) => !wanted.some((script) => script.id === id))
  if (stale.length > 0) {
    await browser.scripting.unregisterContentScripts({ ids: stale.map(({ id }) => id) })
  }
  const missing = wanted.filter(({ id }) => !registered.some((script) => script.id === id))
  if (missing.length > 0) await chrome.scripting.registerContentScripts(missing)
}

/** All but those whose script the manifest names. */
function optionalDashboards(): readonly Dashboard[] {
  const named = (browser.runtime.getManifest().content_scripts ?? []).flatMap(
    ({ matches }) => matches,
  )
  return DASHBOARDS.filter(({ host }) => !named.includes(`https://${host}/*`))
}

function patternOf({ host }: Dashboard): string {
  return sitePattern(`https://${host}`)
}

function holds(dashboard: Dashboard): Promise<boolean> {
  return browser.permissions.contains({ origins: [patternOf(dashboard)] })
}

function scriptsOf(dashboard: Dashboard): chrome.scripting.RegisteredContentScript[] {
  const everywhere = {
    ...{ matches: [patternOf(dashboard)], allFrames: false, persistAcrossSessions: true },
  }
  const capture: chrome.scripting.RegisteredContentScript = {
    ...{ ...everywhere, id: `${PREFIX}capture ${dashboard.host}`, js: [CAPTURE_FILE] },
    ...{ runAt: 'document_idle', world: 'ISOLATED' },
  }
  if (!dashboard.copyOnly) return [capture]
  const copies: chrome.scripting.RegisteredContentScript = {
    ...{ ...everywhere, id: `${PREFIX}copies ${dashboard.host}`, js: [COPIES_FILE] },
    ...{ runAt: 'document_start', world: 'MAIN' },
  }
  return [capture, copies]
}

async function injectIntoOpenTabs(dashboard: Dashboard): Promise<void> {
  const tabs = await browser.tabs.query({ url: patternOf(dashboard) })
  await Promise.all(
    tabs.map(({ id }) => (id === undefined ? Promise.resolve() : inject(id, dashboard))),
  )
}

async function inject(tabId: number, { copyOnly }: Dashboard): Promise<void> {
  const target = { tabId }
  try {
    await chrome.scripting.executeScript({ target, files: [CAPTURE_FILE] })
    if (!copyOnly) return
    await chrome.scripting.executeScript({ target, files: [COPIES_FILE], world: 'MAIN' })
  } catch {
    // The tab went away or shows an error page; the registered scripts serve its next load.
  }
}
