import type { ProviderId } from '../protocol/index.ts'
import { anthropic } from './anthropic/index.ts'
import { azureOpenai } from './azure-openai/index.ts'
import { cohere } from './cohere/index.ts'
import { deepgram } from './deepgram/index.ts'
import { alibaba } from './dialect/alibaba.ts'
import { cerebras } from './dialect/cerebras.ts'
import { custom } from './dialect/custom.ts'
import { deepseek } from './dialect/deepseek.ts'
import { fireworks } from './dialect/fireworks.ts'
import { huggingface } from './dialect/huggingface.ts'
import { jina } from './dialect/jina.ts'
import { lmstudio } from './dialect/lmstudio.ts'
import { minimax } from './dialect/minimax.ts'
import { mistral } from './dialect/mistral.ts'
import { moonshot } from './dialect/moonshot.ts'
import { novita } from './dialect/novita.ts'
import { nvidia } from './dialect/nvidia.ts'
import { openrouter } from './dialect/openrouter.ts'
import { perplexity } from './dialect/perplexity.ts'
import { sambanova } from './dialect/sambanova.ts'
import { together } from './dialect/together.ts'
import { voyage } from './dialect/voyage.ts'
import { xai } from './dialect/xai.ts'
import { zhipu } from './dialect/zhipu.ts'
import { elevenlabs } from './elevenlabs/index.ts'
import { fal } from './fal/index.ts'
import { google } from './google/index.ts'
import { groq } from './groq/index.ts'
import { ollama } from './ollama/index.ts'
import { openai } from './openai/index.ts'
import { replicate } from './replicate/index.ts'
import { stability } from './stability/index.ts'
import type { Provider } from './provider.ts'

/** Every provider ValetKey knows. */
export const PROVIDERS: Readonly<Record<ProviderId, Provider>> = {
  openai,
  anthropic,
  google,
  groq,
  openrouter,
  mistral,
  xai,
  deepseek,
  together,
  fireworks,
  cohere,
  perplexity,
  cerebras,
  huggingface,
  replicate,
  elevenlabs,
  deepgram,
  fal,
  stability,
  'azure-openai': azureOpenai,
  ollama,
  lmstudio,
  moonshot,
  zhipu,
  voyage,
  novita,
  sambanova,
  nvidia,
  minimax,
  alibaba,
  jina,
  custom,
}

export function providerById(id: ProviderId): Provider {
  return PROVIDERS[id]
}

/**
 * The provider an API host belongs to, by exact comparison with the host as the WHATWG parser left it:
 * no subdomain, no trailing dot, no port (C25).
 */
export function providerOfHost(host: string): Provider | null {
  return Object.values(PROVIDERS).find((provider) => provider.hosts.includes(host)) ?? null
}
