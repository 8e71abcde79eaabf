import { useState } from 'react'
import { browser } from '../../adapters/browser.ts'
import { sitePattern } from '../../adapters/site-pattern.ts'
import { request } from '../background-client.ts'
import { useAction } from './use-action.ts'

/** Switching ValetKey on and off for a site. */
export function useSiteSwitch(origin: string) {
  const [denied, setDenied] = useState(false)
  const { busy, error, run } = useAction()

  const switchOn = () => {
    // Both within the click: the browser asks for a site only inside the gesture, and may close this
    // popup while it asks. The background remembers the wish.
    const wished = request('site.switch_on', { origin })
    const permitted = browser.permissions.request({ origins: [sitePattern(origin)] })
    setDenied(false)
    run(async () => {
      const [, granted] = await Promise.all([wished, permitted])
      if (granted) return
      setDenied(true)
      await request('site.switch_off', { origin })
    })
  }

  const switchOff = () => {
    run(async () => {
      await request('site.switch_off', { origin })
    })
  }

  const setPaused = (paused: boolean) => {
    run(async () => {
      await request('site.pause', { origin, paused })
    })
  }

  return { busy, error, denied, switchOn, switchOff, setPaused }
}
