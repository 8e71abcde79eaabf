/** The person at the terminal: what is said to them, and what they answer. */
import type { Readable, Writable } from 'node:stream'
import { AgentError } from '../agent-error.ts'

export interface Terminal {
  /** Whether somebody sits there who can be asked at any time. */
  readonly isInteractive: boolean
  say(line: string): void
  /** Beside the output, so that this can be piped. */
  note(line: string): void
  /** @throws AgentError when the input ends */
  ask(question: string): Promise<string>
  /** The same without showing what is typed. */
  askSecret(question: string): Promise<string>
}

/** A keyboard, or a pipe with one answer a line. */
export interface Keyboard extends Readable {
  readonly isTTY?: boolean
  setRawMode?(on: boolean): unknown
}

const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const RUBOUT = ['\u007f', '\b']

/** An answer longer than this is none. */
const LONGEST_ANSWER = 10_000

export function createTerminal(input: Keyboard, output: Writable, notes: Writable): Terminal {
  const isInteractive = input.isTTY === true && input.setRawMode !== undefined
  const nextCharacter = createReader(input)

  /** The terminal shows nothing by itself meanwhile: an answer is shown here, or not at all. */
  const readLine = async (isShown: boolean): Promise<string> => {
    let line = ''
    for (;;) {
      const character = await nextCharacter()
      if (character === '\r' || character === '\n') return line
      if (isInteractive && (character === CTRL_C || character === CTRL_D)) {
        throw new AgentError('Stopped.')
      }
      if (isInteractive && RUBOUT.includes(character)) {
        if (isShown && line !== '') notes.write('\b \b')
        line = Array.from(line).slice(0, -1).join('')
        continue
      }
      line += character
      if (line.length > LONGEST_ANSWER) throw new AgentError('That answer is too long.')
      if (isInteractive && isShown) notes.write(printable(character))
    }
  }

  const answer = async (question: string, isShown: boolean): Promise<string> => {
    notes.write(`${printable(question)} `)
    if (isInteractive) input.setRawMode?.(true)
    input.resume()
    try {
      return await readLine(isShown)
    } finally {
      if (isInteractive) input.setRawMode?.(false)
      // Nothing keeps the process waiting for a keyboard nobody asks.
      input.pause()
      notes.write('\n')
    }
  }

  return {
    isInteractive,
    say: (line) => void output.write(`${printable(line)}\n`),
    note: (line) => void notes.write(`${printable(line)}\n`),
    ask: async (question) => (await answer(question, true)).trim(),
    askSecret: (question) => answer(question, false),
  }
}

/** One character after the other, whether typed ahead or piped in at once. */
function createReader(input: Keyboard): () => Promise<string> {
  let pending = ''
  let ended = false
  let isListening = false
  let onInput: (() => void) | null = null

  const listen = (): void => {
    isListening = true
    input.setEncoding('utf8')
    input.on('data', (text: string) => {
      pending += text
      onInput?.()
    })
    input.on('end', () => {
      ended = true
      onInput?.()
    })
  }

  return async () => {
    if (!isListening) listen()
    while (pending === '') {
      if (ended) throw new AgentError('The input ended before the answer.')
      await new Promise<void>((resolve) => {
        onInput = resolve
      })
    }
    const [character = ''] = pending
    pending = pending.slice(character.length)
    return character
  }
}

/**
 * Text that may come from a client or a provider, so that a terminal shows it and does nothing else: a
 * sequence could move the cursor and write another question over the one that is asked.
 */
export function printable(text: string): string {
  return text.replace(/\p{C}|[\u2028\u2029]/gu, '?')
}
