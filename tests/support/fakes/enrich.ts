/**
 * What aimock leaves out of a provider's answer (providers §7): token details, usage on every chunk,
 * sequence numbers, `x_groq`. One pair of functions a wire format.
 */
import { anthropicFormat } from './enrich-anthropic.ts'
import { googleFormat } from './enrich-google.ts'
import {
  chatFormat,
  embeddingFormat,
  groqChatFormat,
  openRouterChatFormat,
  responsesFormat,
} from './enrich-openai.ts'
import type { WireFormat } from './wire-format.ts'

/** Hosts that say more, or less, than OpenAI's. */
const CHAT_FORMATS: Readonly<Record<string, WireFormat>> = {
  'api.groq.com': groqChatFormat,
  'openrouter.ai': openRouterChatFormat,
}

/** Which wire format a path speaks; null: nothing to add. */
export function formatOf(host: string, path: string): WireFormat | null {
  if (path.endsWith('/chat/completions')) {
    return CHAT_FORMATS[host] ?? chatFormat
  }
  if (path.endsWith('/responses')) return responsesFormat
  if (path.endsWith('/embeddings')) return embeddingFormat
  if (path.endsWith('/messages')) return anthropicFormat
  if (/:(generate|streamGenerate)Content$/.test(path)) return googleFormat
  return null
}
