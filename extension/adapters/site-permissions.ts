import { browser } from './browser.ts'
import { sitePattern } from './site-pattern.ts'

/** The browser's own permission for a site: asked for one origin at a time, given back at the end. */
export interface SitePermissions {
  holds(origin: string): Promise<boolean>
  giveBack(origin: string): Promise<void>
}

/** What the browser answered is kept until it says that something changed: every call asks. */
export function createSitePermissions(): SitePermissions {
  const held = new Map<string, Promise<boolean>>()
  const forget = (): void => {
    held.clear()
  }
  browser.permissions.onAdded.addListener(forget)
  browser.permissions.onRemoved.addListener(forget)
  const ask = (origin: string): Promise<boolean> => {
    const answer = browser.permissions.contains({ origins: [sitePattern(origin)] })
    held.set(origin, answer)
    answer.catch(() => {
      if (held.get(origin) === answer) held.delete(origin)
    })
    return answer
  }
  return {
    holds: (origin) => held.get(origin) ?? ask(origin),
    async giveBack(origin) {
      try {
        await browser.permissions.remove({ origins: [sitePattern(origin)] })
      } catch {
        // A required host (a provider's own dashboard) cannot be given back; nothing was asked for it.
      } finally {
        forget()
      }
    },
  }
}
