/** What the providers say on a socket: OpenAI's realtime events, Gemini's live messages. */
import type { ProviderId } from '@valetkey/wallet/protocol'
import type { Frame, ServerSocket } from '../web-socket-server.ts'

const REALTIME_USAGE = {
  total_tokens: 150,
  input_tokens: 100,
  output_tokens: 50,
  input_token_details: { text_tokens: 40, audio_tokens: 60, cached_tokens: 20 },
  output_token_details: { text_tokens: 20, audio_tokens: 30 },
} as const

/** One second of nothing, as OpenAI sends sound: base64 of PCM16. */
const SOUND = Buffer.alloc(4800).toString('base64')

export const LIVE_SCRIPTS: Readonly<
  Partial<Record<ProviderId, (frame: Frame | null, socket: ServerSocket) => void>>
> = { openai: answerRealtime, google: answerLive }

function answerRealtime(frame: Frame | null, socket: ServerSocket): void {
  const say = (event: object): void => {
    socket.send(JSON.stringify({ event_id: 'event_1', ...event }))
  }
  if (frame === null) {
    say({ type: 'session.created', session: { type: 'realtime', id: 'sess_1' } })
    return
  }
  const { type, session } = JSON.parse(frame.toString()) as { type: string; session?: object }
  if (type === 'session.update') say({ type: 'session.updated', session })
  if (type !== 'response.create') return
  const response = { id: 'resp_1', object: 'realtime.response' }
  say({ type: 'response.created', response: { ...response, status: 'in_progress' } })
  for (const delta of ['The valet ', 'parks ', 'the car.']) {
    say({ type: 'response.output_text.delta', response_id: 'resp_1', delta })
  }
  say({ type: 'response.output_audio.delta', response_id: 'resp_1', delta: SOUND })
  say({
    type: 'response.done',
    response: { ...response, status: 'completed', usage: REALTIME_USAGE },
  })
}

/** Gemini's server sends its JSON in binary frames. */
function answerLive(frame: Frame | null, socket: ServerSocket): void {
  if (frame === null) return
  const say = (message: object): void => {
    socket.send(Buffer.from(JSON.stringify(message)))
  }
  const message = JSON.parse(frame.toString()) as { setup?: object; clientContent?: object }
  if (message.setup) say({ setupComplete: {} })
  if (!message.clientContent) return
  const parts = [{ text: 'The valet parks the car.' }]
  say({ serverContent: { modelTurn: { role: 'model', parts } } })
  say({
    serverContent: { turnComplete: true },
    usageMetadata: { promptTokenCount: 12, responseTokenCount: 8, totalTokenCount: 20 },
  })
}
