/** Where an app may have a person's browser taken with an answer (RFC 6749 §3.1.2). */
const MAX_LENGTH = 2048
/** Schemes a browser acts on itself: a code given to one of these would run, or lie in a file. */
const REFUSED =
  /^(?:javascript|data|vbscript|blob|file|filesystem|about|view-source|ws|wss|ftp|mailto|chrome(?:-[a-z]+)?|moz-extension|edge|intent):/i
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether an app may register this address: https, http on its own machine, or a scheme of its own
 * (RFC 8252 §7.1). No fragment (RFC 6749 §3.1.2), nobody's name in it, no pattern.
 */
export function isRedirectUri(text: string): boolean {
  if (text.length > MAX_LENGTH || !/^[\x21-\x7e]+$/.test(text) || /[\\*#"<>^`{|}]/.test(text))
    return false
  if (REFUSED.test(text) || !URL.canParse(text)) return false
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return false
  if (url.protocol === 'https:') return text.startsWith('https://') && url.hostname !== ''
  if (url.protocol === 'http:') return text.startsWith('http://') && LOOPBACK.has(url.hostname)
  return /^[a-z][a-z0-9+.-]*:\/{0,2}[^/]/.test(text)
}
