/** Usage of the Messages API: input, cache reads and cache writes are disjoint, deltas cumulative. */
import * as z from 'zod/mini'
import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/index.ts'
import { createChatUsageReader } from '../formats/chat-usage.ts'
import type { UsageReaderFactory } from '../formats/endpoint-table.ts'
import {
  createFreeReader,
  createSilentReader,
  keepLastReport,
  maybeTokenCount,
  readObject,
  tokenCount,
  type Report,
} from '../formats/token-counts.ts'
import type { UsageMark, UsageReader } from '../provider.ts'
import type { AnthropicEndpointName } from './endpoints.ts'

export const ANTHROPIC_USAGE: Readonly<Record<AnthropicEndpointName, UsageReaderFactory>> = {
  models: createFreeReader,
  messages: createMessagesUsageReader,
  'messages.count_tokens': createFreeReader,
  complete: createSilentReader,
  'chat.completions': createChatUsageReader,
}

const MARKS: readonly UsageMark[] = [
  { word: '"message_start"' },
  { word: '"message_delta"' },
  { word: '"message_stop"' },
]

const iterationSchema = z.object({
  input_tokens: maybeTokenCount,
  output_tokens: maybeTokenCount,
  cache_read_input_tokens: maybeTokenCount,
  cache_creation_input_tokens: maybeTokenCount,
})
const usageSchema = z.object({
  input_tokens: tokenCount,
  output_tokens: tokenCount,
  cache_read_input_tokens: maybeTokenCount,
  cache_creation_input_tokens: maybeTokenCount,
  output_tokens_details: z.nullish(z.object({ thinking_tokens: maybeTokenCount })),
  iterations: z.nullish(z.array(iterationSchema)),
})
type Iteration = z.infer<typeof iterationSchema>

function readUsage(value: JsonObject): Report {
  const parsed = usageSchema.safeParse(value)
  if (!parsed.success) return null
  const usage = parsed.data
  const reasoning = usage.output_tokens_details?.thinking_tokens ?? 0
  const whole = sum([usage])
  // Where a call took several passes (compaction, an advisor), each is billed, and the top level may
  // name only the last.
  const passes = sum(usage.iterations ?? [])
  const output = Math.max(whole.output, passes.output)
  if (reasoning > output) return null
  return {
    input: Math.max(whole.input, passes.input),
    cachedInput: Math.max(whole.cachedInput, passes.cachedInput),
    cacheWriteInput: Math.max(whole.cacheWriteInput, passes.cacheWriteInput),
    output,
    reasoning,
  }
}

function sum(iterations: readonly Iteration[]): {
  input: number
  cachedInput: number
  cacheWriteInput: number
  output: number
} {
  const add = (pick: (iteration: Iteration) => number | null | undefined): number =>
    iterations.reduce((total, iteration) => total + (pick(iteration) ?? 0), 0)
  return {
    input: add((each) => each.input_tokens),
    cachedInput: add((each) => each.cache_read_input_tokens),
    cacheWriteInput: add((each) => each.cache_creation_input_tokens),
    output: add((each) => each.output_tokens),
  }
}

/** In a stream `message_start` has the input; each `message_delta` replaces what it repeats. */
export function createMessagesUsageReader(): UsageReader {
  const keeper = keepLastReport()
  let seen: JsonObject = {}
  const merge = (usage: JsonValue | undefined, isFinal: boolean): void => {
    if (!isJsonObject(usage)) return
    seen = { ...seen, ...givenMembers(usage) }
    keeper.keep(readUsage(seen), isFinal)
  }
  return {
    marks: MARKS,
    event(text) {
      const event = readObject(text)
      const type = event?.['type']
      if (type === 'message_start') {
        const message = event?.['message']
        merge(isJsonObject(message) ? message['usage'] : undefined, false)
      } else if (type === 'message_delta') {
        const delta = event?.['delta']
        const stopped = isJsonObject(delta) && typeof delta['stop_reason'] === 'string'
        merge(event?.['usage'], stopped)
      } else if (type === 'message_stop') keeper.close()
      return true
    },
    body(text) {
      merge(readObject(text)?.['usage'], true)
    },
    result: keeper.result,
  }
}

function givenMembers(usage: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null))
}
