import { isJsonObject, type JsonObject } from '@valetkey/wallet/protocol'
import type { UsageCounts } from './behaviour.ts'
import type { WireFormat } from './wire-format.ts'
import { randomId } from './provider-rules.ts'

/** `promptTokenCount` includes cached tokens; `candidatesTokenCount` excludes thoughts. */
function usageMetadata(usage: UsageCounts, candidates: number): JsonObject {
  const prompt = usage.input + usage.cachedInput + usage.cacheWriteInput
  return {
    promptTokenCount: prompt,
    ...(candidates > 0 ? { candidatesTokenCount: candidates } : {}),
    totalTokenCount: prompt + candidates + usage.reasoning,
    ...(usage.cachedInput > 0 ? { cachedContentTokenCount: usage.cachedInput } : {}),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }],
    ...(usage.reasoning > 0 ? { thoughtsTokenCount: usage.reasoning } : {}),
  }
}

function complete(answer: JsonObject, metadata: JsonObject | null): JsonObject {
  const rest = Object.fromEntries(
    Object.entries(answer).filter(([name]) => name !== 'usageMetadata'),
  )
  return {
    ...rest,
    ...(metadata ? { usageMetadata: metadata } : {}),
    modelVersion: 'gemini-fake-001',
    responseId: randomId(22),
  }
}

function isLast(answer: JsonObject): boolean {
  const candidates = answer['candidates']
  return (
    Array.isArray(candidates) &&
    candidates.some((candidate) => isJsonObject(candidate) && candidate['finishReason'] === 'STOP')
  )
}

export const googleFormat: WireFormat = {
  body(answer, { usage }) {
    return complete(answer, usage && usageMetadata(usage, usage.output - usage.reasoning))
  },
  event({ event, data }, { usage }, index) {
    if (data === '[DONE]') return []
    if (!usage) return [{ event, data: complete(data, null) }]
    // Repeated on every chunk, growing; the last one wins (providers §5).
    const total = usage.output - usage.reasoning
    const soFar = isLast(data) ? total : Math.min(total, index)
    return [{ event, data: complete(data, usageMetadata(usage, soFar)) }]
  },
}
