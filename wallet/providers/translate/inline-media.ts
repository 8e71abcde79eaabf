/** Media in a `data:` URL (RFC 2397), taken apart without a look at its megabytes. */

/** Base64, as the URL held it. */
export interface InlineMedia {
  /** Lower-case, without parameters. */
  readonly mediaType: string
  readonly base64: string
}

const HEADER = /^data:([a-z]+\/[a-z0-9.+-]+)(?:;[a-z0-9.=_-]+)*;base64$/i
const LONGEST_HEADER = 200

/** Null: no `data:` URL of base64. */
export function readInlineMedia(url: string): InlineMedia | null {
  const comma = url.slice(0, LONGEST_HEADER).indexOf(',')
  const mediaType = comma === -1 ? undefined : HEADER.exec(url.slice(0, comma))?.[1]
  if (mediaType === undefined) return null
  return { mediaType: mediaType.toLowerCase(), base64: url.slice(comma + 1) }
}
