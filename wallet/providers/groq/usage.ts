import { createChatUsageReader, createEmbeddingUsageReader } from '../formats/chat-usage.ts'
import type { UsageReaderFactory } from '../formats/endpoint-table.ts'
import { createResponsesUsageReader } from '../formats/responses-usage.ts'
import { createFreeReader, createSilentReader } from '../formats/token-counts.ts'
import type { GroqEndpointName } from './endpoints.ts'

export const GROQ_USAGE: Readonly<Record<GroqEndpointName, UsageReaderFactory>> = {
  models: createFreeReader,
  'chat.completions': createChatUsageReader,
  responses: createResponsesUsageReader,
  embeddings: createEmbeddingUsageReader,
  // Billed by the second and by the character: the replies report neither as tokens.
  'audio.transcriptions': createSilentReader,
  'audio.translations': createSilentReader,
  'audio.speech': createSilentReader,
}
