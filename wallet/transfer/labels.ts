/** What the vault takes for a label and for notes. */
const LABEL_LIMIT = 200
const NOTES_LIMIT = 10_000
/** No text has as many. */
const CONTROL_LIMIT = 1000
const CONTROL = /[^\P{Cc}\n\t]/gu

/**
 * Text of a file as a label: one line, nothing unseen. Characters that turn the direction of text, or show
 * nothing, could make one name look like another.
 */
export function labelOf(text: string): string {
  return cut(oneLine(text), LABEL_LIMIT)
}

/**
 * Text of a file as notes. C90: a control character takes six bytes once it is sealed, and a record has room
 * for 64 KiB: one key with notes full of them would keep all the others out.
 */
export function notesOf(text: string): string {
  const notes = cut(wellFormed(text), NOTES_LIMIT)
  const controls = notes.match(CONTROL)?.length ?? 0
  return controls > CONTROL_LIMIT ? notes.replace(CONTROL, ' ') : notes
}

/** Text on one line, without characters that nobody sees. */
export function oneLine(text: string): string {
  return wellFormed(text)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
}

/** A half of a character is no text, and could not be sealed. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd')
}

function cut(text: string, limit: number): string {
  // The cut may fall inside a character.
  return wellFormed(text.slice(0, limit))
}
