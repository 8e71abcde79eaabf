/** The members the providers' APIs put generated text under, with and without a space before it. */
const START = /"(?:content|text|delta|thinking|reasoning_content)": ?"/g

/**
 * At least how much generated text a piece of a reply shows, in characters of its JSON. Only a floor is
 * made of it (protocols §3b), so what is missed lowers it and nothing is parsed twice.
 */
export function generatedTextLength(json: string): number {
  let length = 0
  START.lastIndex = 0
  while (START.test(json)) {
    const start = START.lastIndex
    length += endOfString(json, start) - start
  }
  return length
}

function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start)
  while (end !== -1 && isEscaped(json, end, start)) end = json.indexOf('"', end + 1)
  return end === -1 ? json.length : end
}

function isEscaped(json: string, quote: number, start: number): boolean {
  let backslashes = 0
  while (quote - 1 - backslashes >= start && json[quote - 1 - backslashes] === '\\')
    backslashes += 1
  return backslashes % 2 === 1
}
