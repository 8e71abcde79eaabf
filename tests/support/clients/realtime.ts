import OpenAI from 'openai'
import { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket'

/** What an app heard on a live connection. */
export interface LiveResult {
  readonly text: string
  readonly soundBytes: number
  readonly types: readonly string[]
  readonly protocol: string
  readonly error: string | null
}

/** Talks once with OpenAI's own realtime client, as its documentation says, until the answer is done. */
export function talkLive(apiKey: string): Promise<LiveResult> {
  const client = new OpenAI({ apiKey, dangerouslyAllowBrowser: true })
  const live = new OpenAIRealtimeWebSocket(
    { model: 'gpt-realtime', dangerouslyAllowBrowser: true },
    client,
  )
  let text = ''
  let soundBytes = 0
  const types: string[] = []
  return new Promise((resolve) => {
    const end = (error: string | null): void => {
      const { protocol } = live.socket
      live.close()
      resolve({ text, soundBytes, types, protocol, error })
    }
    live.on('error', (error) => {
      end(error.message)
    })
    live.on('event', ({ type }) => {
      types.push(type)
    })
    live.on('session.created', () => {
      live.send({ type: 'response.create' })
    })
    live.on('response.output_text.delta', ({ delta }) => {
      text += delta
    })
    live.on('response.output_audio.delta', ({ delta }) => {
      soundBytes += atob(delta).length
    })
    live.on('response.done', () => {
      end(null)
    })
  })
}
