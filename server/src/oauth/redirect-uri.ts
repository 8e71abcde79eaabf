/** C93: the same characters. Nothing is decoded, completed or compared by parts (RFC 9700 §4.1.3). */
export function isRegistered(registered: readonly string[], asked: string): boolean {
  return registered.includes(asked)
}

/** The address with what is told to the app. @param about in this order */
export function redirectWith(
  redirectUri: string,
  about: Readonly<Record<string, string | null>>,
): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(about)) {
    if (value !== null) url.searchParams.append(name, value)
  }
  return url.href
}
