import type { JsonObject } from '@valetkey/wallet/protocol'
import type { UsageCounts } from './behaviour.ts'
import { objectAt, type WireFormat } from './wire-format.ts'

/** Anthropic's kinds are disjoint; output is cumulative in a stream. */
function messageUsage(usage: UsageCounts, output: number): JsonObject {
  return {
    input_tokens: usage.input,
    cache_creation_input_tokens: usage.cacheWriteInput,
    cache_read_input_tokens: usage.cachedInput,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWriteInput,
      ephemeral_1h_input_tokens: 0,
    },
    output_tokens: output,
    service_tier: 'standard',
  }
}

export const anthropicFormat: WireFormat = {
  body(answer, { usage }) {
    return { ...answer, usage: usage ? messageUsage(usage, usage.output) : {} }
  },
  event({ event, data }, { usage }) {
    if (data === '[DONE]') return []
    if (event === 'message_start') {
      const message = objectAt(data, 'message')
      const counted = { ...message, usage: usage ? messageUsage(usage, 1) : {} }
      return [{ event, data: { ...data, message: counted } }]
    }
    if (event === 'content_block_start') {
      return [
        { event, data },
        { event: 'ping', data: { type: 'ping' } },
      ]
    }
    if (event === 'message_delta') {
      return [{ event, data: { ...data, usage: usage ? { output_tokens: usage.output } : {} } }]
    }
    return [{ event, data }]
  },
}
