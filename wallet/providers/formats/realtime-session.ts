/** The realtime API OpenAI began: one JSON object a frame, the model in the address. */
import * as z from 'zod/mini'
import {
  isJsonObject,
  type Capability,
  type JsonObject,
  type JsonValue,
} from '../../protocol/index.ts'
import { surveyOpenAiBody } from './openai-survey.ts'
import { modelInQuery, refused } from './request-fields.ts'
import { createUsageSum } from './socket-spending.ts'
import {
  disjointUsage,
  maybeTokenCount,
  readObject,
  tokenCount,
  type Report,
} from './token-counts.ts'
import type { SocketSession } from '../socket-endpoint.ts'

const realtimeUsageSchema = z.object({
  input_tokens: tokenCount,
  output_tokens: tokenCount,
  input_token_details: z.nullish(z.object({ cached_tokens: maybeTokenCount })),
})

/** Frames that may concern the bill; most carry sound and need not be parsed. */
const MARKS =
  /"(?:response\.(?:created|done)|conversation\.item\.input_audio_transcription\.completed)"/

/** Reads one session: what its frames ask for, and what its answers report. */
export function openRealtimeSession(url: URL): SocketSession {
  const model = modelOf(url)
  const sum = createUsageSum()
  let askedFor = 0
  let underWay = 0
  let unknown = false
  return {
    model,
    fromPage(frame) {
      if (typeof frame['type'] !== 'string') throw refused('type')
      if (frame['type'] === 'response.create') askedFor += 1
      const { session } = frame
      // C40: the session stays with the model that was judged and priced.
      if (isJsonObject(session) && (session['model'] ?? model) !== model) throw refused('model')
      return { models: modelsIn(frame), needs: needsOf(frame) }
    },
    fromProvider(text) {
      if (!MARKS.test(text)) return
      const event = readObject(text)
      if (!event) return
      const type = typeof event['type'] === 'string' ? event['type'] : ''
      switch (type) {
        case 'response.created':
          askedFor = Math.max(0, askedFor - 1)
          underWay += 1
          return
        case 'response.done': {
          underWay = Math.max(0, underWay - 1)
          const { response } = event
          // An answer that ends without a report was paid for all the same.
          const report = isJsonObject(response) ? readUsage(response['usage']) : null
          if (!sum.add(report ?? null)) unknown = true
          return
        }
        case 'conversation.item.input_audio_transcription.completed':
          // Written down by another, cheaper model: counted as if this one had done it.
          sum.add(readUsage(event['usage']))
      }
    },
    spent: () => ({ usage: sum.total(), open: unknown || askedFor + underWay > 0 }),
  }
}

/** @throws `request.invalid` for no model or two, and for a call somebody else began (C38) */
function modelOf(url: URL): string {
  const model = modelInQuery(url)
  if (model === null) throw refused('model')
  if (url.searchParams.has('call_id')) throw refused('call_id')
  return model
}

/** `conversation: "none"` keeps an answer out of the session; any other use names a stored thing. */
function needsOf(frame: JsonObject): readonly Capability[] {
  const { response } = frame
  const isOfSession =
    isJsonObject(response) &&
    (response['conversation'] === 'none' || response['conversation'] === 'auto')
  const judged = isOfSession ? { ...frame, response: { ...response, conversation: null } } : frame
  return [...surveyOpenAiBody(judged).needs]
}

/** What an app shapes itself: a member of that name in it is no model. */
const OPAQUE = new Set(['parameters', 'arguments', 'metadata', 'output', 'text', 'instructions'])

/** Every model a frame names, the one that writes down what was said among them. */
function modelsIn(value: JsonValue): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(modelsIn)
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([name, member]) => {
    if (name === 'model' && typeof member === 'string') return [member]
    return OPAQUE.has(name) ? [] : modelsIn(member)
  })
}

function readUsage(value: JsonValue | undefined): Report {
  if (!isJsonObject(value) || value['type'] === 'duration') return undefined
  const parsed = realtimeUsageSchema.safeParse(value)
  if (!parsed.success) return null
  return disjointUsage({
    input: parsed.data.input_tokens,
    cached: parsed.data.input_token_details?.cached_tokens ?? 0,
    cacheWrite: 0,
    output: parsed.data.output_tokens,
    reasoning: 0,
  })
}
