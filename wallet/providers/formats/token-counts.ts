/** Counts as providers report them, and what makes them believable (C69). */
import * as z from 'zod/mini'
import {
  isJsonObject,
  parseJson,
  type JsonObject,
  type JsonValue,
  type TokenUsage,
} from '../../protocol/index.ts'
import type { UsageMark, UsageReader } from '../provider.ts'

/** No call of any model comes near it; beyond it, sums would lose precision. */
const MAX_TOKENS = 1_000_000_000

export const tokenCount = z.int().check(z.nonnegative(), z.maximum(MAX_TOKENS))
export const maybeTokenCount = z.nullish(tokenCount)

/** Usage nobody pays for: listing models, counting tokens, moderation. */
export const NO_TOKENS: TokenUsage = {
  input: 0,
  cachedInput: 0,
  cacheWriteInput: 0,
  output: 0,
  reasoning: 0,
}

/** A report with cached tokens inside the input, taken apart. Null where the parts exceed the whole. */
export function disjointUsage(report: {
  readonly input: number
  readonly cached: number
  readonly cacheWrite: number
  readonly output: number
  readonly reasoning: number
}): TokenUsage | null {
  const input = report.input - report.cached - report.cacheWrite
  if (input < 0 || report.reasoning > report.output) return null
  return {
    input,
    cachedInput: report.cached,
    cacheWriteInput: report.cacheWrite,
    output: report.output,
    reasoning: report.reasoning,
  }
}

/** What one event or body says: a usage, `null` for an unbelievable one, `undefined` for none. */
export type Report = TokenUsage | null | undefined

/** Keeps the last report of a reply. */
export interface ReportKeeper {
  keep(report: Report, isFinal: boolean): void
  /** The provider has said all it will: what was kept stands. */
  close(): void
  result: UsageReader['result']
}

export function keepLastReport(): ReportKeeper {
  let last: Report
  let final = false
  return {
    keep(report, isFinal) {
      if (report === undefined) return
      last = report
      final = isFinal
    },
    close() {
      final = true
    },
    result: () => (last ? { usage: last, final } : null),
  }
}

export function readObject(text: string): JsonObject | null {
  const value: JsonValue | undefined = parseJson(text)
  return isJsonObject(value) ? value : null
}

/** The marks of a reader that no event concerns. */
export const NO_EVENT: readonly UsageMark[] = []

/** Most chunks say `"usage":null`. */
export const USAGE_MARK: UsageMark = { word: '"usage"', opensObject: true }

/** For endpoints that cost nothing. */
export function createFreeReader(): UsageReader {
  return { ...silent, result: () => ({ usage: NO_TOKENS, final: true }) }
}

/** For endpoints that report no tokens: the bound is charged. */
export function createSilentReader(): UsageReader {
  return { ...silent, result: () => null }
}

const silent = { marks: NO_EVENT, event: () => true, body: noop } as const

function noop(): void {
  // Nothing in this reply says what it cost.
}
