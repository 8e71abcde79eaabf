import { LLMock } from '@copilotkit/aimock'

/** An answer of the emulator, complete: pacing and faults are ours. */
export interface EmulatorReply {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

export interface Emulator {
  /**
   * Sends a request to aimock, without credentials.
   * @param says the text the model answers
   * @param inPieces whether a stream brings the text in small deltas or in one
   */
  ask(
    request: { method: string; path: string; body: Buffer; contentType: string },
    says: string,
    inPieces: boolean,
  ): Promise<EmulatorReply>
  close(): Promise<void>
}

/** Characters a delta holds: small, so that a sentence becomes a stream. */
const DELTA_CHARACTERS = 12
const WHOLE_ANSWER_CHARACTERS = 1_000_000

/** Starts aimock on loopback, answering any prompt with what the front tells it to say. */
export async function startEmulator(): Promise<Emulator> {
  const answers = new Map<string, { readonly says: string; readonly inPieces: boolean }>()
  const mock = new LLMock({ port: 0, logLevel: 'silent' })
  mock.on({ endpoint: 'embedding' }, { embedding: [0.018, -0.007, 0.029, 0.011] })
  for (const inPieces of [true, false]) {
    mock.on(
      { predicate: (request) => answers.get(request._context ?? '')?.inPieces === inPieces },
      (request) => ({ content: answers.get(request._context ?? '')?.says ?? '' }),
      { chunkSize: inPieces ? DELTA_CHARACTERS : WHOLE_ANSWER_CHARACTERS },
    )
  }
  await mock.start()
  let count = 0

  return {
    async ask(request, says, inPieces) {
      count += 1
      const context = `answer-${count}`
      answers.set(context, { says, inPieces })
      try {
        const reply = await fetch(mock.url + request.path, {
          method: request.method,
          headers: { 'content-type': request.contentType, 'x-aimock-context': context },
          ...(request.method === 'GET' ? {} : { body: new Uint8Array(request.body) }),
        })
        return {
          status: reply.status,
          contentType: reply.headers.get('content-type') ?? '',
          text: await reply.text(),
        }
      } finally {
        answers.delete(context)
      }
    },
    close: () => mock.stop(),
  }
}
