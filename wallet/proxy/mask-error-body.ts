/**
 * Error bodies are small, buffered, and lose everything of a key's or a masked key's shape, whether it
 * is ours or not: a 401 shows the start and the last four characters of what was sent (C35, C111).
 */

/** The longest error body that is passed on. */
export const ERROR_BODY_LIMIT_BYTES = 64 * 1024

const WORD = /[A-Za-z0-9_.*…-]+/g
const KEY_STARTS = ['sk-', 'sk_', 'gsk_', 'AIza', 'AQ.', 'xai-', 'Bearer']
const SHORTEST_KEY = 20

/** Masks the text of an error body. Linear: one pass over runs of key characters. */
export function maskErrorBody(text: string): string {
  return text.replace(WORD, (word) => (looksLikeKey(word) ? '***' : word))
}

function looksLikeKey(word: string): boolean {
  if (word.includes('**')) return true
  if (!KEY_STARTS.some((start) => word.startsWith(start))) return false
  return word.length >= SHORTEST_KEY || word.includes('...') || word.includes('…')
}
