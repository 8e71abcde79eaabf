/** How each provider is asked for a chat: in OpenAI's dialect as it is, in its own form, or not at all. */
import type { ProviderId } from '../../protocol/index.ts'

export type UnifiedWay =
  /** It reads OpenAI's form itself, at this path. */
  | { readonly kind: 'dialect'; readonly path: string }
  | { readonly kind: 'messages' }
  | { readonly kind: 'gemini' }
  | { readonly kind: 'none' }

const NONE = { kind: 'none' } as const

function dialect(path: string): UnifiedWay {
  return { kind: 'dialect', path }
}

/**
 * Anthropic and Google have layers for OpenAI's clients, and call them none for production: they are asked
 * in their own forms.
 */
export const UNIFIED_WAYS: Readonly<Record<ProviderId, UnifiedWay>> = {
  anthropic: { kind: 'messages' },
  google: { kind: 'gemini' },
  openai: dialect('/v1/chat/completions'),
  groq: dialect('/openai/v1/chat/completions'),
  openrouter: dialect('/api/v1/chat/completions'),
  mistral: dialect('/v1/chat/completions'),
  xai: dialect('/v1/chat/completions'),
  deepseek: dialect('/chat/completions'),
  together: dialect('/v1/chat/completions'),
  fireworks: dialect('/inference/v1/chat/completions'),
  cohere: dialect('/compatibility/v1/chat/completions'),
  cerebras: dialect('/v1/chat/completions'),
  huggingface: dialect('/v1/chat/completions'),
  'azure-openai': dialect('/openai/v1/chat/completions'),
  ollama: dialect('/v1/chat/completions'),
  lmstudio: dialect('/v1/chat/completions'),
  moonshot: dialect('/v1/chat/completions'),
  zhipu: dialect('/api/paas/v4/chat/completions'),
  novita: dialect('/openai/v1/chat/completions'),
  sambanova: dialect('/v1/chat/completions'),
  nvidia: dialect('/v1/chat/completions'),
  minimax: dialect('/v1/chat/completions'),
  alibaba: dialect('/compatible-mode/v1/chat/completions'),
  custom: dialect('/chat/completions'),
  // Its chat completions ended in September 2026; what it serves now is OpenAI's newer form.
  perplexity: NONE,
  replicate: NONE,
  elevenlabs: NONE,
  deepgram: NONE,
  fal: NONE,
  stability: NONE,
  voyage: NONE,
  jina: NONE,
}
