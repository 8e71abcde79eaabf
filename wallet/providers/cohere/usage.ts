/** Usage in Cohere's own shapes: what is billed stands beside what was counted, and is what counts. */
import * as z from 'zod/mini'
import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/index.ts'
import {
  disjointUsage,
  keepLastReport,
  maybeTokenCount,
  readObject,
  type Report,
} from '../formats/token-counts.ts'
import type { UsageMark, UsageReader } from '../provider.ts'

const billedSchema = z.object({ input_tokens: maybeTokenCount, output_tokens: maybeTokenCount })
const MARKS: readonly UsageMark[] = [{ word: '"message-end"' }, { word: '"stream-end"' }]

/** Chat in both versions, whole or streamed, and embeddings. */
export function createCohereUsageReader(): UsageReader {
  const keeper = keepLastReport()
  return {
    marks: MARKS,
    event(text) {
      keeper.keep(reportOf(readObject(text)), true)
      return true
    },
    body(text) {
      // The first version streams one object a line; the last one has the usage.
      const last = text.trimEnd().split('\n').at(-1) ?? ''
      keeper.keep(reportOf(readObject(text) ?? readObject(last)), true)
    },
    result: keeper.result,
  }
}

function reportOf(reply: JsonObject | null): Report {
  if (!reply) return undefined
  const { delta, response } = reply
  const holders = [reply, delta, response].filter(isJsonObject)
  const found = holders.flatMap(({ usage, meta }) => [usage, meta]).find(isBilled)
  if (!found) return undefined
  const parsed = billedSchema.safeParse(found['billed_units'])
  if (!parsed.success) return null
  const { input_tokens: input, output_tokens: output } = parsed.data
  return disjointUsage({
    ...{ input: input ?? 0, output: output ?? 0 },
    ...{ cached: 0, cacheWrite: 0, reasoning: 0 },
  })
}

function isBilled(value: JsonValue | undefined): value is JsonObject {
  return isJsonObject(value) && isJsonObject(value['billed_units'])
}
