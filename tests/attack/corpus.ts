/** The ids of the attack corpus (`docs/attack-corpus.md`), and where each has to be tried. */

const CORPUS_SIZE = 116

/** Shown by a test beside the code. */
const UNIT = [
  ...[23, 24, 25, 26, 27, 31, 32, 33, 37, 38, 39, 41, 42],
  ...[67, 68, 69, 70, 71, 74, 75, 77, 78, 79, 89, 116],
]
/** Tried against a server, or with the finished packages: no page has a part in it. */
const SERVER = [
  ...[80, 81, 82, 83, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 104, 105],
  ...[106, 107, 108, 109, 110, 112],
]

/** `C1` … in order. */
export const ATTACK_IDS: readonly string[] = Array.from(
  { length: CORPUS_SIZE },
  (_, index) => `C${index + 1}`,
)

/** Whether only a real browser shows that an attack fails. */
export function needsBrowser(id: string): boolean {
  const number = Number(id.slice(1))
  return !UNIT.includes(number) && !SERVER.includes(number)
}
