import type { Forward } from '@valetkey/wallet/proxy'
import { fastTestKdf } from '@valetkey/wallet/testing'
import { runCommandLine } from '../command-line.ts'
import { createScriptedTerminal } from './scripted-terminal.ts'

export interface ShellReply {
  readonly code: number
  readonly said: readonly string[]
  readonly noted: readonly string[]
}

/** A command that goes on until it is stopped. */
export interface Serving {
  /** What it printed so far. */
  readonly said: readonly string[]
  readonly noted: readonly string[]
  /** Ctrl-C. @returns once the process would have ended */
  stop(): Promise<ShellReply>
}

/** `valetkey agent …` as a person types it, over one folder; the KDF costs nothing. */
export interface TestShell {
  run(line: string, answers?: readonly string[]): Promise<ShellReply>
  serve(answers?: readonly string[]): Promise<Serving>
}

export function createTestShell(folder: string, forward: Forward): TestShell {
  const begin = (line: string, answers: readonly string[]) => {
    const terminal = createScriptedTerminal(answers)
    const ending = new AbortController()
    const around = { terminal, kdf: fastTestKdf, forward, stop: ending.signal }
    const code = runCommandLine([...line.split(' '), '--home', folder], around)
    const { said, noted } = terminal
    return { ended: code.then((given) => ({ code: given, said, noted })), said, noted, ending }
  }
  return {
    run: (line, answers = []) => begin(line, answers).ended,
    async serve(answers = []) {
      const { ended, said, noted, ending } = begin('serve --port 0', answers)
      const isOver = ended.then(({ noted: last }) => {
        throw new TypeError(`It did not serve: ${last.join(' ')}`)
      })
      const isReady = (async () => {
        while (said.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
      })()
      await Promise.race([isReady, isOver])
      isOver.catch(() => undefined)
      return {
        ...{ said, noted },
        stop() {
          ending.abort()
          return ended
        },
      }
    },
  }
}
