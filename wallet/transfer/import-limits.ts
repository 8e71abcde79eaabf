/** What an import may be at most: each limit is held before the work that it bounds (C90). */

/** UTF-16 code units of a whole file. */
export const IMPORT_LIMIT_CHARACTERS = 16 * 1024 * 1024
/** Lines and cells of a table, values of a JSON document. */
const PART_LIMIT = 500_000
const DEPTH_LIMIT = 32
/** Far more than any person has, and what one commit of the vault still writes in seconds. */
export const KEY_LIMIT = 10_000

/** Whether lines and cells of a table stay within the limits; any separator counts. */
export function fitsAsLines(text: string): boolean {
  let parts = 1
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    // Line feed , ; | and tab
    if (unit === 10 || unit === 44 || unit === 59 || unit === 124 || unit === 9) parts += 1
  }
  return parts <= PART_LIMIT
}

/** Whether a JSON text stays within the limits of depth and size. What it says about a text that is no JSON is void. */
export function fitsAsJson(text: string): boolean {
  let depth = 0
  let values = 1
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 34) index = endOfString(text, index)
    else if (unit === 44) values += 1
    else if (unit === 91 || unit === 123) {
      depth += 1
      values += 1
      if (depth > DEPTH_LIMIT) return false
    } else if (unit === 93 || unit === 125) depth -= 1
  }
  return values <= PART_LIMIT
}

/** The closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  let index = start + 1
  while (index < text.length && text.charCodeAt(index) !== 34) {
    index += text.charCodeAt(index) === 92 ? 2 : 1
  }
  return index
}
