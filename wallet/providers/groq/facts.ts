import type { JsonObject } from '../../protocol/index.ts'
import { factsWithoutBody } from '../formats/call-facts.ts'
import { prepareChat, readChatFacts } from '../formats/chat-completions.ts'
import type { FactsReader } from '../formats/endpoint-table.ts'
import { readEmbeddingFacts, readSpeechFacts, readTranscriptionFacts } from '../formats/media.ts'
import type { OutputCap } from '../formats/output-caps.ts'
import { prepareResponses, readResponsesFacts } from '../formats/responses.ts'
import type { Endpoint, PreparedBody } from '../provider.ts'
import type { GroqEndpointName } from './endpoints.ts'

export const GROQ_FACTS: Readonly<Record<GroqEndpointName, FactsReader>> = {
  models: factsWithoutBody,
  'chat.completions': readChatFacts,
  responses: readResponsesFacts,
  embeddings: readEmbeddingFacts,
  'audio.transcriptions': readTranscriptionFacts,
  'audio.translations': readTranscriptionFacts,
  'audio.speech': readSpeechFacts,
}

/** Models that answer a higher limit with an error. */
const OUTPUT_CAPS: readonly OutputCap[] = [
  { model: /llama-guard/, tokens: 1024 },
  { model: /^allam-/, tokens: 4096 },
  { model: /llama-4-|gemma|compound/, tokens: 8192 },
]

export function prepareGroqBody(
  endpoint: Endpoint,
  body: JsonObject,
  maxOutputTokens: number,
): PreparedBody {
  switch (endpoint.name) {
    case 'chat.completions':
      return prepareChat(body, maxOutputTokens, OUTPUT_CAPS)
    case 'responses':
      return prepareResponses(body, maxOutputTokens, OUTPUT_CAPS)
    default:
      return { body, usageAddedByUs: false }
  }
}
