/** The server's code: eight characters of Crockford's alphabet, in which 0, 1 and V stand for what looks like them. */
const CODE_LENGTH = 8
const HALF = 4

/** What was typed as a code, as the server wrote it; null while it is not whole. */
export function readCode(typed: string): string | null {
  const code = typed
    .toUpperCase()
    .replace(/[\s\p{Pd}._]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  return code.length === CODE_LENGTH && /^[0-9A-HJKMNP-TV-Z]+$/.test(code) ? code : null
}

/** `ABCD-EFGH`: two halves are easier to read across a room than eight characters. */
export function codeForPeople(code: string): string {
  const whole = readCode(code)
  return whole === null ? code : `${whole.slice(0, HALF)}-${whole.slice(HALF)}`
}

/** `4:05`, of a time that is left. */
export function minutesForPeople(seconds: number): string {
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}`
}
