/** Usage in the shape of OpenAI's chat completions, from whole replies and streams. */
import * as z from 'zod/mini'
import { isJsonObject, type JsonValue } from '../../protocol/index.ts'
import type { UsageMark, UsageReader } from '../provider.ts'
import {
  NO_EVENT,
  USAGE_MARK,
  disjointUsage,
  keepLastReport,
  maybeTokenCount,
  readObject,
  tokenCount,
  type Report,
} from './token-counts.ts'

const chatUsageSchema = z.object({
  prompt_tokens: tokenCount,
  completion_tokens: tokenCount,
  total_tokens: maybeTokenCount,
  prompt_tokens_details: z.nullish(
    z.object({ cached_tokens: maybeTokenCount, cache_write_tokens: maybeTokenCount }),
  ),
  completion_tokens_details: z.nullish(z.object({ reasoning_tokens: maybeTokenCount })),
  // Where copies say what was cached: DeepSeek, Moonshot, Mistral.
  prompt_cache_hit_tokens: maybeTokenCount,
  cached_tokens: maybeTokenCount,
  num_cached_tokens: maybeTokenCount,
})

const MARKS: readonly UsageMark[] = [USAGE_MARK, { word: '[DONE]' }]

/** Voyage and Jina name the total alone. */
const embeddingUsageSchema = z.object({
  prompt_tokens: maybeTokenCount,
  total_tokens: maybeTokenCount,
})

/** Cached and reasoning tokens are inside the totals; some copies leave reasoning out of the output. */
function readChatUsage(value: JsonValue | undefined): Report {
  if (!isJsonObject(value)) return undefined
  const parsed = chatUsageSchema.safeParse(value)
  if (!parsed.success) return null
  const usage = parsed.data
  // What the total holds beyond both sides was produced and is billed as output.
  const unnamed = (usage.total_tokens ?? 0) - usage.prompt_tokens - usage.completion_tokens
  return disjointUsage({
    input: usage.prompt_tokens,
    cached:
      usage.prompt_tokens_details?.cached_tokens ??
      usage.prompt_cache_hit_tokens ??
      usage.cached_tokens ??
      usage.num_cached_tokens ??
      0,
    cacheWrite: usage.prompt_tokens_details?.cache_write_tokens ?? 0,
    output: usage.completion_tokens + Math.max(0, unnamed),
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  })
}

/**
 * Reads `usage` of chat completions. In a stream it is the last chunk, with no choices; where the app did
 * not ask for that chunk it is dropped, because apps index `choices[0]`.
 */
export function createChatUsageReader(sent: { readonly usageAddedByUs: boolean }): UsageReader {
  const keeper = keepLastReport()
  return {
    marks: MARKS,
    event(text) {
      if (text === '[DONE]') {
        keeper.close()
        return true
      }
      const chunk = readObject(text)
      if (!chunk) return true
      const { choices } = chunk
      const isUsageOnly = Array.isArray(choices) && choices.length === 0
      const report = readChatUsage(chunk['usage'])
      // A chunk with choices may be followed by one that counts more.
      keeper.keep(report, isUsageOnly)
      const groq = chunk['x_groq']
      // Groq reports here, in the last chunk, even when nobody asked.
      if (isJsonObject(groq)) keeper.keep(readChatUsage(groq['usage']), true)
      return !(sent.usageAddedByUs && isUsageOnly && report !== undefined)
    },
    body(text) {
      keeper.keep(readChatUsage(readObject(text)?.['usage']), true)
    },
    result: keeper.result,
  }
}

export function createEmbeddingUsageReader(): UsageReader {
  const keeper = keepLastReport()
  return {
    marks: NO_EVENT,
    event: () => true,
    body(text) {
      const usage = readObject(text)?.['usage']
      if (usage === undefined) return
      const parsed = embeddingUsageSchema.safeParse(usage)
      const counts = parsed.success ? parsed.data : {}
      const input = counts.prompt_tokens ?? counts.total_tokens ?? null
      const report =
        input === null
          ? null
          : disjointUsage({ input, cached: 0, cacheWrite: 0, output: 0, reasoning: 0 })
      keeper.keep(report, true)
    },
    result: keeper.result,
  }
}
