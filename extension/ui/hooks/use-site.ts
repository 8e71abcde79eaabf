import { useEffect, useState } from 'react'
import { browser } from '../../adapters/browser.ts'
import { readTabAddress, type SiteAddress } from '../site-address.ts'

/** The site this window is about, null while the browser is asked; and how to name another one. */
export function useSite(): [SiteAddress | null, (address: SiteAddress) => void] {
  const [address, setAddress] = useState(namedInUrl)

  useEffect(() => {
    let current = true
    if (namedInUrl()) return
    const named = (url: string | undefined) => {
      if (current) setAddress(url === undefined ? { kind: 'unreadable' } : readTabAddress(url))
    }
    browser.tabs.query({ active: true, currentWindow: true }).then(
      // The address is there only when the toolbar icon was clicked (activeTab).
      ([tab]) => {
        named(tab?.url)
      },
      () => {
        named(undefined)
      },
    )
    return () => {
      current = false
    }
  }, [])

  return [address, setAddress]
}

function namedInUrl(): SiteAddress | null {
  const named = new URLSearchParams(location.search).get('site')
  return named === null ? null : readTabAddress(named)
}
