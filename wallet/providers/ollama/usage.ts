/** Usage of Ollama's own API: counts beside the last line, whole or streamed line by line. */
import * as z from 'zod/mini'
import type { UsageReader } from '../provider.ts'
import {
  NO_EVENT,
  disjointUsage,
  keepLastReport,
  maybeTokenCount,
  readObject,
} from '../formats/token-counts.ts'

const countsSchema = z.object({ prompt_eval_count: maybeTokenCount, eval_count: maybeTokenCount })

export function createOllamaUsageReader(): UsageReader {
  const keeper = keepLastReport()
  return {
    marks: NO_EVENT,
    event: () => true,
    body(text) {
      const last = readObject(text.trimEnd().split('\n').at(-1) ?? '') ?? readObject(text)
      if (last?.['prompt_eval_count'] === undefined) return
      const counts = countsSchema.safeParse(last)
      const { prompt_eval_count: input, eval_count: output } = counts.success ? counts.data : {}
      const report = counts.success
        ? disjointUsage({
            ...{ input: input ?? 0, output: output ?? 0 },
            ...{ cached: 0, cacheWrite: 0, reasoning: 0 },
          })
        : null
      keeper.keep(report, true)
    },
    result: keeper.result,
  }
}
