/** Cells of the table we write, so that no spreadsheet takes one for a formula (C90). */

/**
 * A spreadsheet may begin to read a formula at the start of a cell, and behind every character that some
 * settings take for the end of one. Full-width signs count too: some programs fold them.
 */
const START = '(?<=^|[,;|\\t\\r\\n])'
const FORMULA = "(?='*[=+\\-@\\t\\r＝＋－＠])"
const BEFORE_FORMULA = new RegExp(START + FORMULA, 'g')
const ESCAPED_FORMULA = new RegExp(`${START}'${FORMULA}`, 'g')

/** A cell, quoted. An apostrophe before whatever could start a formula makes it text. */
export function writeCell(text: string): string {
  // No text has a NUL in it, and a file with one is taken for no text.
  const cell = text.replaceAll('\0', '').replace(BEFORE_FORMULA, "'")
  return `"${cell.replaceAll('"', '""')}"`
}

/** Takes back the apostrophes that {@link writeCell} put in. */
export function unescapeCell(text: string): string {
  return text.replace(ESCAPED_FORMULA, '')
}
