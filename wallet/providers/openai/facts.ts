import type { JsonObject } from '../../protocol/index.ts'
import { factsWithoutBody } from '../formats/call-facts.ts'
import {
  prepareChat,
  prepareCompletion,
  readChatFacts,
  readCompletionFacts,
} from '../formats/chat-completions.ts'
import type { FactsReader } from '../formats/endpoint-table.ts'
import {
  readEmbeddingFacts,
  readImageEditFacts,
  readImageFacts,
  readModerationFacts,
  readSpeechFacts,
  readTranscriptionFacts,
} from '../formats/media.ts'
import type { OutputCap } from '../formats/output-caps.ts'
import { prepareResponses, readResponsesFacts } from '../formats/responses.ts'
import type { Endpoint, PreparedBody } from '../provider.ts'
import type { OpenAiEndpointName } from './endpoints.ts'

export const OPENAI_FACTS: Readonly<Record<OpenAiEndpointName, FactsReader>> = {
  models: factsWithoutBody,
  'chat.completions': readChatFacts,
  responses: readResponsesFacts,
  'responses.input_tokens': (path, body) => ({ ...readResponsesFacts(path, body), outputLimit: 0 }),
  completions: readCompletionFacts,
  embeddings: readEmbeddingFacts,
  moderations: readModerationFacts,
  'images.generations': readImageFacts,
  'images.edits': readImageEditFacts,
  'audio.speech': readSpeechFacts,
  'audio.transcriptions': readTranscriptionFacts,
  'audio.translations': readTranscriptionFacts,
}

/** Models that answer a higher limit with an error. */
const OUTPUT_CAPS: readonly OutputCap[] = [
  { model: /^gpt-3\.5/, tokens: 4096 },
  { model: /^gpt-4-(?:turbo|1106|0125|vision)/, tokens: 4096 },
  { model: /^gpt-4o-2024-05-13$/, tokens: 4096 },
  // Its context holds 8192 tokens, prompt included.
  { model: /^gpt-4(?:-0613|-0314)?$/, tokens: 4096 },
]

export function prepareOpenAiBody(
  endpoint: Endpoint,
  body: JsonObject,
  maxOutputTokens: number,
): PreparedBody {
  switch (endpoint.name) {
    case 'chat.completions':
      return prepareChat(body, maxOutputTokens, OUTPUT_CAPS)
    case 'responses':
      return prepareResponses(body, maxOutputTokens, OUTPUT_CAPS)
    case 'completions':
      return prepareCompletion(body, maxOutputTokens)
    default:
      return { body, usageAddedByUs: false }
  }
}
