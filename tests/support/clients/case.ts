/** What one case of one client did, in the page. */
export interface CaseResult {
  readonly ok: boolean
  readonly text: string
  /** How many pieces a stream came in; 1 where it is not a stream. */
  readonly parts: number
  /** What the client raised: class, status and message. */
  readonly note: string
}

export interface CaseInput {
  readonly apiKey: string
  readonly prompt: string
  /** Where the client is told the provider is; its own default, if absent. */
  readonly baseUrl?: string
}

/** One thing a client can do, with the text it got piece by piece. */
export type Case = (input: CaseInput, take: (piece: string) => void) => Promise<void>

/** Case names → what they do. A name that ends in `abort` hangs up by itself after two pieces. */
export type ClientCases = Readonly<Record<string, Case>>

/** Gives the pieces of a stream on, as far as they are text. */
export async function takeAll<T>(
  stream: AsyncIterable<T>,
  textOf: (part: T) => string | null | undefined,
  take: (piece: string) => void,
): Promise<void> {
  for await (const part of stream) {
    const text = textOf(part)
    if (text) take(text)
  }
}

/** Apps read the first choice without looking: a chunk without one breaks them. @throws Error */
export function firstChoice<T>(choices: readonly T[]): T {
  const [choice] = choices
  if (choice === undefined) throw new Error('a chunk without a choice')
  return choice
}

/**
 * Runs a case that aborts: after two pieces the signal fires, and the client must end there, by its own
 * error or by ending the stream.
 * @throws Error when the stream ran on to its end
 */
export async function abortAfterTwo(
  run: (signal: AbortSignal, take: (piece: string) => void) => Promise<void>,
  take: (piece: string) => void,
): Promise<void> {
  const controller = new AbortController()
  let pieces = 0
  let after = 0
  try {
    await run(controller.signal, (piece) => {
      take(piece)
      pieces += 1
      if (controller.signal.aborted) after += 1
      if (pieces === 2) controller.abort()
    })
  } catch (error) {
    if (!controller.signal.aborted) throw error
  }
  // One piece may already have been on its way.
  if (!controller.signal.aborted) throw new Error('the stream ended before it could be aborted')
  if (after > 1) throw new Error(`${after} pieces came after the abort`)
}
