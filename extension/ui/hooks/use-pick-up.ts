import { useCallback, useEffect, useState } from 'react'
import { browser } from '../../adapters/browser.ts'
import { sitePattern } from '../../adapters/site-pattern.ts'

/** `always`: a key page whose script came with the installation. */
type PickUpState = 'loading' | 'always' | 'on' | 'off'

export interface PickUpAccess {
  readonly state: PickUpState
  /** Asks for exactly this origin; only within a click. False: the person said no. */
  readonly allow: () => Promise<boolean>
  readonly giveBack: () => Promise<boolean>
}

/** The browser's permission for one key page: with it, the background puts its script there. */
export function usePickUp(origin: string): PickUpAccess {
  const [state, setState] = useState<PickUpState>('loading')
  const refresh = useCallback(async () => {
    const held = await browser.permissions.contains({ origins: [sitePattern(origin)] })
    setState(isInstalled(origin) ? 'always' : held ? 'on' : 'off')
  }, [origin])

  useEffect(() => {
    const look = (): void => void refresh()
    look()
    browser.permissions.onAdded.addListener(look)
    browser.permissions.onRemoved.addListener(look)
    return () => {
      browser.permissions.onAdded.removeListener(look)
      browser.permissions.onRemoved.removeListener(look)
    }
  }, [refresh])

  return {
    state,
    allow: () => browser.permissions.request({ origins: [sitePattern(origin)] }),
    giveBack: () => browser.permissions.remove({ origins: [sitePattern(origin)] }),
  }
}

function isInstalled(origin: string): boolean {
  const scripts = browser.runtime.getManifest().content_scripts ?? []
  return scripts.some(({ matches }) => matches.includes(`${origin}/*`))
}
