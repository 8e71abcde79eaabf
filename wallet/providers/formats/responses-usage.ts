/** Usage in the shape of OpenAI's responses; pictures, transcription and speech report in it too. */
import * as z from 'zod/mini'
import { isJsonObject, type JsonValue } from '../../protocol/index.ts'
import type { UsageReader } from '../provider.ts'
import {
  disjointUsage,
  keepLastReport,
  maybeTokenCount,
  readObject,
  tokenCount,
  type Report,
} from './token-counts.ts'

const responsesUsageSchema = z.object({
  input_tokens: tokenCount,
  output_tokens: tokenCount,
  input_tokens_details: z.nullish(
    z.object({ cached_tokens: maybeTokenCount, cache_write_tokens: maybeTokenCount }),
  ),
  output_tokens_details: z.nullish(z.object({ reasoning_tokens: maybeTokenCount })),
})

/** Events that carry the whole response with its usage; failed and cut ones are billed too. */
const ENDINGS = new Set(['response.completed', 'response.incomplete', 'response.failed'])
const ENDING_MARKS = /"response\.(?:completed|incomplete|failed)"/
const USAGE_MARKS = /"usage"\s*:\s*\{/

function readResponsesUsage(value: JsonValue | undefined): Report {
  if (!isJsonObject(value)) return undefined
  // Billed by the second of sound: no tokens to read.
  if (value['type'] === 'duration') return undefined
  const parsed = responsesUsageSchema.safeParse(value)
  if (!parsed.success) return null
  const usage = parsed.data
  return disjointUsage({
    input: usage.input_tokens,
    cached: usage.input_tokens_details?.cached_tokens ?? 0,
    cacheWrite: usage.input_tokens_details?.cache_write_tokens ?? 0,
    output: usage.output_tokens,
    reasoning: usage.output_tokens_details?.reasoning_tokens ?? 0,
  })
}

export function createResponsesUsageReader(): UsageReader {
  const keeper = keepLastReport()
  return {
    marks: ENDING_MARKS,
    event(text) {
      const event = readObject(text)
      if (!event || typeof event['type'] !== 'string' || !ENDINGS.has(event['type'])) return true
      const { response } = event
      keeper.keep(isJsonObject(response) ? readResponsesUsage(response['usage']) : undefined, true)
      return true
    },
    body(text) {
      keeper.keep(readResponsesUsage(readObject(text)?.['usage']), true)
    },
    result: keeper.result,
  }
}

/** `usage` beside the result, in the body or in the last event of a stream. */
export function createMediaUsageReader(): UsageReader {
  const keeper = keepLastReport()
  const read = (text: string): void => {
    keeper.keep(readResponsesUsage(readObject(text)?.['usage']), true)
  }
  return {
    marks: USAGE_MARKS,
    event(text) {
      read(text)
      return true
    },
    body: read,
    result: keeper.result,
  }
}
