import { useEffect, useState } from 'react'

/** Where in the dashboard the person is: a section, and what of it is open. Stands in the address. */
export interface Route {
  readonly section: string
  /** What stands after the section, empty where nothing is open. */
  readonly item: string
}

/** The route in the address, kept up to date as links are followed and the person goes back. */
export function useRoute(): Route {
  const [hash, setHash] = useState(() => location.hash)

  useEffect(() => {
    const follow = () => {
      setHash(location.hash)
    }
    window.addEventListener('hashchange', follow)
    return () => {
      window.removeEventListener('hashchange', follow)
    }
  }, [])

  return readRoute(hash)
}

/** `#keys/abc` → section `keys`, item `abc`. */
export function readRoute(hash: string): Route {
  const [section = '', item = ''] = hash.replace(/^#/, '').split('/')
  return { section, item }
}

/** The link to a place of the dashboard. */
export function linkTo(section: string, item = ''): string {
  return item === '' ? `#${section}` : `#${section}/${item}`
}
