import { browser } from './browser.ts'
import { sitePattern } from './site-pattern.ts'

/** The browser's own permission for a site: asked for one origin at a time, given back at the end. */
export interface SitePermissions {
  holds(origin: string): Promise<boolean>
  giveBack(origin: string): Promise<void>
}

export function createSitePermissions(): SitePermissions {
  return {
    holds: (origin) => browser.permissions.contains({ origins: [sitePattern(origin)] }),
    async giveBack(origin) {
      try {
        await browser.permissions.remove({ origins: [sitePattern(origin)] })
      } catch {
        // A required host (a provider's own dashboard) cannot be given back; nothing was asked for it.
      }
    },
  }
}
