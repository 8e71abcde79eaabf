import { isGrantableOrigin } from '@valetkey/wallet/protocol'

/** What an address stands for: a site that may be switched on, or why it may not. */
export type SiteAddress =
  | { readonly kind: 'site'; readonly origin: string }
  | { readonly kind: 'insecure'; readonly hostname: string }
  | { readonly kind: 'browser-page' }
  | { readonly kind: 'unreadable' }

/** The host an address stands for, without its port; null where it names none. */
export function hostnameOf(address: SiteAddress): string | null {
  if (address.kind === 'site') return new URL(address.origin).hostname
  return address.kind === 'insecure' ? address.hostname : null
}

/** The address of a tab, as the browser reports it. */
export function readTabAddress(address: string): SiteAddress {
  let url: URL
  try {
    url = new URL(address)
  } catch {
    return { kind: 'unreadable' }
  }
  if (isGrantableOrigin(url.origin)) return { kind: 'site', origin: url.origin }
  // A host no grant can name: with a trailing dot, for one (C6).
  if (url.protocol === 'https:') return { kind: 'unreadable' }
  return url.protocol === 'http:'
    ? { kind: 'insecure', hostname: url.hostname }
    : { kind: 'browser-page' }
}

/** An address as a person types it: the scheme may be missing, then https is meant. */
export function readTypedAddress(text: string): SiteAddress {
  const typed = text.trim()
  if (typed === '' || /\s/.test(typed)) return { kind: 'unreadable' }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(typed)) return readTabAddress(typed)
  const loopback = /^(localhost|127\.0\.0\.1)([:/]|$)/i.test(typed)
  const address = readTabAddress(`${loopback ? 'http' : 'https'}://${typed}`)
  // `chat` alone is a word, not a site: an exact host has a dot.
  const host = address.kind === 'site' ? new URL(address.origin).hostname : ''
  return loopback || host.includes('.') ? address : { kind: 'unreadable' }
}

/**
 * The exact host of an origin in ASCII, with its port; plain http keeps its scheme in view. Punycode
 * stays punycode (C5: a lookalike must not look alike).
 */
export function hostOf(origin: string): string {
  const url = new URL(origin)
  return url.protocol === 'https:' ? url.host : `${url.protocol}//${url.host}`
}

/** Whether a host has letters outside ASCII, which can pass for others. */
export function hasForeignLetters(origin: string): boolean {
  return new URL(origin).hostname.split('.').some((label) => label.startsWith('xn--'))
}
