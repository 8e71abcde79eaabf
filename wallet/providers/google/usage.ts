/** Usage of the Gemini API: cached tokens inside the prompt, thoughts outside the candidates. */
import * as z from 'zod/mini'
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '../../protocol/index.ts'
import { createChatUsageReader, createEmbeddingUsageReader } from '../formats/chat-usage.ts'
import type { UsageReaderFactory } from '../formats/endpoint-table.ts'
import {
  createFreeReader,
  createSilentReader,
  disjointUsage,
  keepLastReport,
  maybeTokenCount,
  readObject,
  tokenCount,
  type Report,
} from '../formats/token-counts.ts'
import type { UsageMark, UsageReader } from '../provider.ts'
import type { GoogleEndpointName } from './endpoints.ts'

export const GOOGLE_USAGE: Readonly<Record<GoogleEndpointName, UsageReaderFactory>> = {
  models: createFreeReader,
  generateContent: createGeminiUsageReader,
  streamGenerateContent: createGeminiUsageReader,
  countTokens: createFreeReader,
  embedContent: createGeminiUsageReader,
  batchEmbedContents: createGeminiUsageReader,
  // Billed by the picture.
  predict: createSilentReader,
  'openai.chat.completions': createChatUsageReader,
  'openai.embeddings': createEmbeddingUsageReader,
  'openai.models': createFreeReader,
}

const MARKS: readonly UsageMark[] = [
  { word: '"usageMetadata"' },
  { word: '"finishReason"' },
  { word: '"blockReason"' },
]

// A prompt is never empty; every other zero is left out of the reply.
const usageSchema = z.object({
  promptTokenCount: tokenCount,
  candidatesTokenCount: maybeTokenCount,
  thoughtsTokenCount: maybeTokenCount,
  cachedContentTokenCount: maybeTokenCount,
  toolUsePromptTokenCount: maybeTokenCount,
  totalTokenCount: maybeTokenCount,
})

/** `usageMetadata` of a reply or of a frame. */
export function readGeminiUsage(value: JsonValue | undefined): Report {
  if (!isJsonObject(value) || Object.keys(value).length === 0) return undefined
  const parsed = usageSchema.safeParse(value)
  if (!parsed.success) return null
  const usage = parsed.data
  const input = usage.promptTokenCount + (usage.toolUsePromptTokenCount ?? 0)
  const reasoning = usage.thoughtsTokenCount ?? 0
  const named = (usage.candidatesTokenCount ?? 0) + reasoning
  return disjointUsage({
    input,
    cached: usage.cachedContentTokenCount ?? 0,
    cacheWrite: 0,
    // What the total holds beyond both sides was produced and is billed as output.
    output: Math.max(named, (usage.totalTokenCount ?? 0) - input),
    reasoning,
  })
}

/** It rides on every chunk, cumulative: the last one counts, and is final once an answer has ended. */
function createGeminiUsageReader(): UsageReader {
  const keeper = keepLastReport()
  let ended = false
  const read = (reply: JsonObject): void => {
    ended ||= hasEnded(reply)
    keeper.keep(readGeminiUsage(reply['usageMetadata']), ended)
  }
  return {
    marks: MARKS,
    event(text) {
      const reply = readObject(text)
      if (reply) read(reply)
      return true
    },
    body(text) {
      const value = parseJson(text)
      // Without `alt=sse` a stream is one JSON array; cut short, it is no JSON and says nothing.
      for (const reply of Array.isArray(value) ? value : [value]) {
        if (isJsonObject(reply)) read(reply)
      }
      keeper.close()
    },
    result: keeper.result,
  }
}

function hasEnded(reply: JsonObject): boolean {
  const { candidates, promptFeedback } = reply
  if (isJsonObject(promptFeedback) && typeof promptFeedback['blockReason'] === 'string') return true
  if (!Array.isArray(candidates)) return false
  return candidates.some((each) => isJsonObject(each) && typeof each['finishReason'] === 'string')
}
