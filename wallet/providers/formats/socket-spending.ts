/** Sums up what a socket's answers report, one after the other. */
import type { TokenUsage } from '../../protocol/index.ts'
import type { Report } from './token-counts.ts'

/** What was reported so far: null before the first believable report. */
export interface UsageSum {
  /** False for a report that is no believable usage: what was spent is then not known. */
  add(report: Report): boolean
  total(): TokenUsage | null
}

export function createUsageSum(): UsageSum {
  let sum: TokenUsage | null = null
  return {
    add(report) {
      if (report === null) return false
      if (report === undefined) return true
      sum = {
        input: (sum?.input ?? 0) + report.input,
        cachedInput: (sum?.cachedInput ?? 0) + report.cachedInput,
        cacheWriteInput: (sum?.cacheWriteInput ?? 0) + report.cacheWriteInput,
        output: (sum?.output ?? 0) + report.output,
        reasoning: (sum?.reasoning ?? 0) + report.reasoning,
      }
      return true
    },
    total: () => sum,
  }
}
