/** The person at the terminal: what is said to them, and what they answer. */
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { CONSENT_ARMING_MS } from '@valetkey/wallet/protocol'
import { AgentError } from '../agent-error.ts'

export interface Terminal {
  /** Whether somebody sits there who can be asked at any time. */
  readonly isInteractive: boolean
  say(line: string): void
  /** Beside the output, so that this can be piped. */
  note(line: string): void
  /**
   * @param whileLasts for a question that comes by itself: nothing typed before it is an answer to it, and
   * none is taken once it is over
   * @throws AgentError when the input or the question ends
   */
  ask(question: string, whileLasts?: AbortSignal): Promise<string>
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
  const reader = createReader(input)

  /** The terminal shows nothing by itself meanwhile: an answer is shown here, or not at all. */
  const readLine = async (isShown: boolean, whileLasts?: AbortSignal): Promise<string> => {
    let line = ''
    for (;;) {
      const character = await reader.next(whileLasts)
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

  const answer = async (
    question: string,
    isShown: boolean,
    whileLasts?: AbortSignal,
  ): Promise<string> => {
    if (isInteractive) input.setRawMode?.(true)
    reader.listen()
    if (whileLasts) {
      // C54: what was typed before a question that comes by itself is no answer to it, nor what is typed
      // as it appears.
      await delay(CONSENT_ARMING_MS)
      reader.forget()
    }
    notes.write(`${printable(question)} `)
    try {
      return await readLine(isShown, whileLasts)
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
    ask: async (question, whileLasts) => (await answer(question, true, whileLasts)).trim(),
    askSecret: (question) => answer(question, false),
  }
}

/** One character after the other, whether typed ahead or piped in at once. */
function createReader(input: Keyboard): {
  /** Until the input is paused again. */
  listen(): void
  next(whileLasts?: AbortSignal): Promise<string>
  forget(): void
} {
  let pending = ''
  let ended = false
  let isListening = false
  let onInput: (() => void) | null = null

  const listen = (): void => {
    input.resume()
    if (isListening) return
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

  return {
    listen,
    async next(whileLasts) {
      const wake = (): void => onInput?.()
      whileLasts?.addEventListener('abort', wake, { once: true })
      try {
        while (pending === '' || whileLasts?.aborted) {
          if (whileLasts?.aborted) throw new AgentError('The question is over.')
          if (ended) throw new AgentError('The input ended before the answer.')
          await new Promise<void>((resolve) => {
            onInput = resolve
          })
        }
      } finally {
        whileLasts?.removeEventListener('abort', wake)
      }
      const [character = ''] = pending
      pending = pending.slice(character.length)
      return character
    },
    forget() {
      pending = ''
    },
  }
}

/**
 * Text that may come from a client or a provider, so that a terminal shows it and does nothing else: a
 * sequence could move the cursor and write another question over the one that is asked.
 */
export function printable(text: string): string {
  return text.replace(/\p{C}|[\u2028\u2029]/gu, '?')
}
