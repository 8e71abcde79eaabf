import * as z from 'zod/mini'

/** The providers of the catalogue. Adding one adds its name here and its facts in `wallet/providers`. */
export const PROVIDER_IDS = [
  'openai',
  'anthropic',
  'google',
  'groq',
  'openrouter',
  'mistral',
  'xai',
  'deepseek',
  'together',
  'fireworks',
  'cohere',
  'perplexity',
  'cerebras',
  'huggingface',
  'replicate',
  'elevenlabs',
  'deepgram',
  'fal',
  'stability',
  'azure-openai',
  'ollama',
  'lmstudio',
  'moonshot',
  'zhipu',
  'voyage',
  'novita',
  'sambanova',
  'nvidia',
  'minimax',
  'alibaba',
  'jina',
  'custom',
] as const
export const providerIdSchema = z.enum(PROVIDER_IDS)
export type ProviderId = (typeof PROVIDER_IDS)[number]
