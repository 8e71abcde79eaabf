import { browser } from './browser.ts'
import { sitePattern } from './site-pattern.ts'

/** One entry of a page's own storage. */
export interface PageEntry {
  readonly tabId: number
  readonly area: 'localStorage' | 'sessionStorage'
  readonly name: string
  readonly value: string
}

/** What the open pages of a site keep in `localStorage` and `sessionStorage`. */
export interface PageStorage {
  /** The entries of every open tab of the origin, as far as they are of a sane size. */
  read(origin: string): Promise<readonly PageEntry[]>
  /** Writes another value, if the entry still holds what was read. @returns whether it did */
  write(origin: string, entry: PageEntry, value: string): Promise<boolean>
}

/** Entries longer than these are no settings, and a page must not fill the worker's memory. */
const LIMITS = { entries: 500, characters: 65_536 }

export function createPageStorage(): PageStorage {
  return {
    async read(origin) {
      const tabs = await browser.tabs.query({ url: sitePattern(origin) })
      const found = await Promise.all(
        tabs.map(async ({ id }) => {
          if (id === undefined) return []
          const entries = await inPage(id, readEntries, [origin, LIMITS])
          return (entries ?? []).map((entry) => ({ tabId: id, ...entry }))
        }),
      )
      return found.flat()
    },
    async write(origin, { tabId, area, name, value }, next) {
      return (await inPage(tabId, writeEntry, [origin, { area, name, value }, next])) ?? false
    },
  }
}

/** Runs in our own world of the tab's top document, where the page changed none of the functions (C45). */
async function inPage<A extends unknown[], R>(
  tabId: number,
  func: (...args: A) => R,
  args: A,
): Promise<R | null> {
  try {
    const target = { tabId, frameIds: [0] }
    const [frame] = await chrome.scripting.executeScript({ target, func, args })
    return (frame?.result as R | undefined) ?? null
  } catch {
    // The tab went away, or shows an error page.
    return null
  }
}

/** Carried into the page as text: it uses nothing from outside. The tab may have gone elsewhere meanwhile. */
function readEntries(origin: string, limits: typeof LIMITS): Omit<PageEntry, 'tabId'>[] {
  const entries: Omit<PageEntry, 'tabId'>[] = []
  if (location.origin !== origin) return entries
  for (const area of ['localStorage', 'sessionStorage'] as const) {
    const storage = window[area]
    for (let index = 0; index < storage.length && entries.length < limits.entries; index++) {
      const name = storage.key(index)
      const value = name === null ? null : storage.getItem(name)
      if (name === null || value === null) continue
      if (name.length + value.length <= limits.characters) entries.push({ area, name, value })
    }
  }
  return entries
}

/** Carried into the page as text: it uses nothing from outside. */
function writeEntry(
  origin: string,
  { area, name, value }: Omit<PageEntry, 'tabId'>,
  next: string,
): boolean {
  if (location.origin !== origin || window[area].getItem(name) !== value) return false
  window[area].setItem(name, next)
  return true
}
