import { isJsonObject, type JsonObject } from '@valetkey/wallet/protocol'
import type { UsageCounts } from './behaviour.ts'
import { objectAt, type WireFormat } from './wire-format.ts'
import { randomId } from './provider-rules.ts'

function chatUsage(usage: UsageCounts): JsonObject {
  const prompt = usage.input + usage.cachedInput + usage.cacheWriteInput
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.output,
    total_tokens: prompt + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cachedInput, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}

function asksForUsage(request: JsonObject): boolean {
  return objectAt(request, 'stream_options')['include_usage'] === true
}

function isUsageChunk(chunk: JsonObject): boolean {
  return Array.isArray(chunk['choices']) && chunk['choices'].length === 0
}

export const chatFormat: WireFormat = {
  body(answer, { usage }) {
    const rest = withoutUsage(answer)
    return {
      ...rest,
      ...(usage ? { usage: chatUsage(usage) } : {}),
      service_tier: 'default',
      system_fingerprint: null,
    }
  },
  event({ event, data }, { usage, request }) {
    if (data === '[DONE]') return [{ event, data }]
    const chunk = { ...withoutUsage(data), service_tier: 'default', system_fingerprint: null }
    if (isUsageChunk(data)) {
      return usage ? [{ event, data: { ...chunk, usage: chatUsage(usage) } }] : []
    }
    return [{ event, data: asksForUsage(request) ? { ...chunk, usage: null } : chunk }]
  },
}

/** OpenRouter's events leave out what they have not; its own client takes no null there. */
export const openRouterChatFormat: WireFormat = {
  body: chatFormat.body,
  event: (event, enrichment, index) =>
    chatFormat.event(event, enrichment, index).map(({ event: name, data }) => ({
      event: name,
      data: isJsonObject(data) ? withoutNulls(data) : data,
    })),
}

function withoutNulls(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
}

function groqUsage(usage: UsageCounts): JsonObject {
  return {
    ...chatUsage(usage),
    queue_time: 0.018,
    prompt_time: 0.004,
    completion_time: 0.031,
    total_time: 0.035,
  }
}

export const groqChatFormat: WireFormat = {
  body(answer, { usage }) {
    return {
      ...withoutUsage(answer),
      ...(usage ? { usage: groqUsage(usage) } : {}),
      service_tier: 'on_demand',
      system_fingerprint: 'fp_fake',
      x_groq: { id: `req_01${randomId(24)}` },
    }
  },
  event({ event, data }, { usage }, index) {
    if (data === '[DONE]') return [{ event, data }]
    const chunk = { ...withoutUsage(data), system_fingerprint: 'fp_fake' }
    if (isUsageChunk(data)) {
      return usage ? [{ event, data: { ...chunk, usage: groqUsage(usage) } }] : []
    }
    const id = `req_01${randomId(24)}`
    if (index === 0) return [{ event, data: { ...chunk, x_groq: { id } } }]
    if (isLastChunk(data)) {
      // Groq reports usage here whether or not the app asked (providers §5).
      return [
        {
          event,
          data: { ...chunk, x_groq: { id, ...(usage ? { usage: groqUsage(usage) } : {}) } },
        },
      ]
    }
    return [{ event, data: chunk }]
  },
}

function isLastChunk(chunk: JsonObject): boolean {
  const choices = chunk['choices']
  return (
    Array.isArray(choices) &&
    choices.some((choice) => isJsonObject(choice) && typeof choice['finish_reason'] === 'string')
  )
}

function responsesUsage(usage: UsageCounts): JsonObject {
  const input = usage.input + usage.cachedInput + usage.cacheWriteInput
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cachedInput },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: input + usage.output,
  }
}

function completeResponse(answer: JsonObject, usage: UsageCounts | null): JsonObject {
  const finished = answer['status'] === 'completed'
  return {
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    ...answer,
    usage: finished && usage ? responsesUsage(usage) : null,
  }
}

export const responsesFormat: WireFormat = {
  body: (answer, { usage }) => completeResponse(answer, usage),
  event({ event, data }, { usage }, index) {
    if (data === '[DONE]') return []
    const numbered = { ...data, sequence_number: index }
    if (!isJsonObject(data['response'])) return [{ event, data: numbered }]
    return [{ event, data: { ...numbered, response: completeResponse(data['response'], usage) } }]
  },
}

export const embeddingFormat: WireFormat = {
  body(answer, { usage }) {
    const rest = withoutUsage(answer)
    if (!usage) return rest
    return { ...rest, usage: { prompt_tokens: usage.input, total_tokens: usage.input } }
  },
  event: (event) => [event],
}

function withoutUsage(answer: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(answer).filter(([name]) => name !== 'usage'))
}
