/**
 * Whether `text` is the pattern, `*` standing for any run of characters. Case-sensitive, over the whole
 * text, in time linear in the text for each piece: patterns come from people, texts from apps (C40, C76).
 */
export function matchesPattern(pattern: string, text: string): boolean {
  const pieces = pattern.split('*')
  const first = pieces[0] ?? ''
  const last = pieces.at(-1) ?? ''
  if (pieces.length === 1) return pattern === text
  if (text.length < first.length + last.length) return false
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  // Leftmost is enough: taking an earlier occurrence never leaves less room for the pieces after it.
  let from = first.length
  const end = text.length - last.length
  for (const piece of pieces.slice(1, -1)) {
    const at = text.indexOf(piece, from)
    if (at === -1 || at + piece.length > end) return false
    from = at + piece.length
  }
  return true
}
