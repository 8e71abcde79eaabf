/** The server's code for a program: eight consonants (RFC 8628 §6.1). */
const CODE = /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/

/** What was typed as the code of a program, without hyphens and spaces; null while it is none. */
export function readUserCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s\p{Pd}._]/gu, '')
  return CODE.test(code) ? code : null
}
