import type { ProviderId } from './provider-ids.ts'

/**
 * Where each provider's API answers: the first host of its facts in `wallet/providers`, which a test compares.
 * A provider of a person's own computer or account has none. This file imports nothing: the SDK is built from it.
 */
export const PROVIDER_HOSTS = {
  openai: 'api.openai.com',
  anthropic: 'api.anthropic.com',
  google: 'generativelanguage.googleapis.com',
  groq: 'api.groq.com',
  openrouter: 'openrouter.ai',
  mistral: 'api.mistral.ai',
  xai: 'api.x.ai',
  deepseek: 'api.deepseek.com',
  together: 'api.together.xyz',
  fireworks: 'api.fireworks.ai',
  cohere: 'api.cohere.com',
  perplexity: 'api.perplexity.ai',
  cerebras: 'api.cerebras.ai',
  huggingface: 'router.huggingface.co',
  replicate: 'api.replicate.com',
  elevenlabs: 'api.elevenlabs.io',
  deepgram: 'api.deepgram.com',
  fal: 'fal.run',
  stability: 'api.stability.ai',
  ollama: 'ollama.com',
  moonshot: 'api.moonshot.ai',
  zhipu: 'api.z.ai',
  voyage: 'api.voyageai.com',
  novita: 'api.novita.ai',
  sambanova: 'api.sambanova.ai',
  nvidia: 'integrate.api.nvidia.com',
  minimax: 'api.minimax.io',
  alibaba: 'dashscope-intl.aliyuncs.com',
  jina: 'api.jina.ai',
} as const satisfies Partial<Record<ProviderId, string>>
