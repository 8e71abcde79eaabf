import type { Terminal } from '../adapters/terminal.ts'

/** A terminal at which somebody answers what was written down before. */
export interface ScriptedTerminal extends Terminal {
  /** What was printed to the output. */
  readonly said: string[]
  /** What was told beside it, questions among it. */
  readonly noted: string[]
}

/** @param answers in the order of the questions; more questions than answers are an error */
export function createScriptedTerminal(
  answers: readonly string[],
  isInteractive = false,
): ScriptedTerminal {
  const left = [...answers]
  const said: string[] = []
  const noted: string[] = []
  const answer = (question: string): Promise<string> => {
    noted.push(question)
    const next = left.shift()
    return next === undefined
      ? Promise.reject(new TypeError(`Nobody answers: ${question}`))
      : Promise.resolve(next)
  }
  return {
    ...{ isInteractive, said, noted, ask: answer, askSecret: answer },
    say: (line) => void said.push(line),
    note: (line) => void noted.push(line),
  }
}
