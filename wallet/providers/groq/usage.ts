import { createChatUsageReader, createEmbeddingUsageReader } from '../formats/chat-usage.ts'
import type { UsageReaderFactory } from '../formats/endpoint-table.ts'
import { createResponsesUsageReader, createSoundUsageReader } from '../formats/responses-usage.ts'
import { createFreeReader, createSilentReader } from '../formats/token-counts.ts'
import type { GroqEndpointName } from './endpoints.ts'

export const GROQ_USAGE: Readonly<Record<GroqEndpointName, UsageReaderFactory>> = {
  models: createFreeReader,
  'chat.completions': createChatUsageReader,
  responses: createResponsesUsageReader,
  embeddings: createEmbeddingUsageReader,
  'audio.transcriptions': createSoundUsageReader,
  'audio.translations': createSoundUsageReader,
  // Billed by the character, and the reply is sound.
  'audio.speech': createSilentReader,
}
