import { createChatUsageReader, createEmbeddingUsageReader } from '../formats/chat-usage.ts'
import type { UsageReaderFactory } from '../formats/endpoint-table.ts'
import { createMediaUsageReader, createResponsesUsageReader } from '../formats/responses-usage.ts'
import { createFreeReader } from '../formats/token-counts.ts'
import type { OpenAiEndpointName } from './endpoints.ts'

export const OPENAI_USAGE: Readonly<Record<OpenAiEndpointName, UsageReaderFactory>> = {
  models: createFreeReader,
  'chat.completions': createChatUsageReader,
  responses: createResponsesUsageReader,
  'responses.input_tokens': createFreeReader,
  completions: createChatUsageReader,
  embeddings: createEmbeddingUsageReader,
  moderations: createFreeReader,
  'images.generations': createMediaUsageReader,
  'images.edits': createMediaUsageReader,
  // Binary replies say nothing; only its event stream reports.
  'audio.speech': createMediaUsageReader,
  'audio.transcriptions': createMediaUsageReader,
  'audio.translations': createMediaUsageReader,
}
