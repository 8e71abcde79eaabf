/** How a refusal is worded: each API's own error shape, our code inside where its SDK keeps a code. */
import type { JsonObject } from '../../protocol/index.ts'
import { openAiErrorBody, openAiStreamError, type Refusal } from './openai-errors.ts'

export interface ErrorShape {
  readonly body: (refusal: Refusal) => JsonObject
  readonly stream: (refusal: Refusal) => string | null
}

/** An error as a bare data event: what APIs send that have no event names. */
function dataEvent(body: JsonObject): string {
  return `data: ${JSON.stringify(body)}\n\n`
}

function shapeOf(body: ErrorShape['body']): ErrorShape {
  return { body, stream: (refusal) => dataEvent(body(refusal)) }
}

export const ERROR_SHAPES = {
  openai: { body: openAiErrorBody, stream: openAiStreamError },
  /** The code is the number of the status; ours goes where OpenRouter keeps a provider's own words. */
  openrouter: shapeOf(({ code, message, status }) => ({
    error: { code: status, message, metadata: { code } },
  })),
  mistral: shapeOf(({ code, message, status }) => ({
    object: 'error',
    message,
    type: status >= 500 ? 'internal_server_error' : 'invalid_request_error',
    param: null,
    code,
  })),
  /** A code and a sentence. */
  xai: shapeOf(({ code, message }) => ({ code, error: message })),
  /** A code and a sentence, one floor down. */
  coded: shapeOf(({ code, message }) => ({ error: { code, message } })),
  detail: shapeOf(({ code, message }) => ({ detail: message, code })),
  /** RFC 9457. */
  problem: shapeOf(({ code, message, status }) => ({
    ...{ type: 'about:blank', title: code, status, detail: message },
  })),
  minimax: shapeOf((refusal) => ({
    ...openAiErrorBody(refusal),
    base_resp: { status_code: refusal.status, status_msg: refusal.message },
  })),
  elevenlabs: shapeOf(({ code, message }) => ({ detail: { status: code, message } })),
  deepgram: shapeOf(({ code, message }) => ({ err_code: code, err_msg: message })),
  stability: shapeOf(({ code, message }) => ({ id: code, name: code, errors: [message], message })),
  /** A sentence alone. */
  bare: shapeOf(({ code, message }) => ({ error: message, code })),
  cohere: shapeOf(({ code, message }) => ({ message, code })),
} as const satisfies Record<string, ErrorShape>

export type ErrorShapeName = keyof typeof ERROR_SHAPES
