/** Usage in the shape of OpenAI's responses; pictures, transcription and speech report in it too. */
import * as z from 'zod/mini'
import { isJsonObject, type JsonValue } from '../../protocol/index.ts'
import type { UsageMark, UsageReader } from '../provider.ts'
import {
  disjointUsage,
  keepLastReport,
  NO_EVENT,
  NO_TOKENS,
  USAGE_MARK,
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
const ENDING_MARKS: readonly UsageMark[] = [...ENDINGS].map((type) => ({ word: `"${type}"` }))

function readResponsesUsage(value: JsonValue | undefined): Report {
  if (!isJsonObject(value)) return undefined
  // Billed by the second of sound.
  if (value['type'] === 'duration') return soundUsage(value['seconds'])
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

/** Sound that was heard: a part of a second is billed as a whole one. Null: no length of a recording. */
function soundUsage(seconds: JsonValue | undefined): Report {
  if (typeof seconds !== 'number' || !(seconds >= 0)) return null
  const parsed = tokenCount.safeParse(Math.ceil(seconds))
  return parsed.success ? { ...NO_TOKENS, seconds: parsed.data } : null
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

/** The length of the recording beside what was said in it, where the app asked for it (`verbose_json`). */
export function createSoundUsageReader(): UsageReader {
  const keeper = keepLastReport()
  return {
    marks: NO_EVENT,
    event: () => true,
    body(text) {
      const seconds = readObject(text)?.['duration']
      keeper.keep(seconds === undefined ? undefined : soundUsage(seconds), true)
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
    marks: [USAGE_MARK],
    event(text) {
      read(text)
      return true
    },
    body: read,
    result: keeper.result,
  }
}
