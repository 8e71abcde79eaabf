/**
 * The pages providers give keys out on: exact hosts, shipped with the package and never downloaded
 * (security §5 "Phishing"; the providers' own pages, read in September 2026). A page anywhere else is no
 * dashboard, however it looks (C56).
 */
import { PROVIDER_IDS, type ProviderId } from '../protocol/provider-ids.ts'

interface Place {
  /** The provider's, as the catalogue has it. */
  readonly name: string
  readonly hosts: readonly string[]
  /** Its list shortens keys and gives the whole one to nothing but its copy button. */
  readonly copyOnly?: true
}

const PLACES: Readonly<Partial<Record<ProviderId, Place>>> = {
  openai: { name: 'OpenAI', hosts: ['platform.openai.com'] },
  anthropic: { name: 'Anthropic', hosts: ['platform.claude.com', 'console.anthropic.com'] },
  // Not Google Cloud's console: most keys there are public ones, for maps and the like.
  google: { name: 'Google Gemini', hosts: ['aistudio.google.com'], copyOnly: true },
  groq: { name: 'Groq', hosts: ['console.groq.com'] },
  openrouter: { name: 'OpenRouter', hosts: ['openrouter.ai'] },
  // Not backoffice.mistral.ai: what it gives out administers an organisation (C39).
  mistral: { name: 'Mistral', hosts: ['console.mistral.ai', 'admin.mistral.ai'] },
  xai: { name: 'xAI', hosts: ['console.x.ai'] },
  deepseek: { name: 'DeepSeek', hosts: ['platform.deepseek.com'] },
  together: { name: 'Together AI', hosts: ['api.together.ai'] },
  fireworks: { name: 'Fireworks AI', hosts: ['app.fireworks.ai', 'fireworks.ai'] },
  cohere: { name: 'Cohere', hosts: ['dashboard.cohere.com'] },
  perplexity: { name: 'Perplexity', hosts: ['console.perplexity.ai', 'www.perplexity.ai'] },
  cerebras: { name: 'Cerebras', hosts: ['cloud.cerebras.ai'], copyOnly: true },
  huggingface: { name: 'Hugging Face', hosts: ['huggingface.co'] },
  replicate: { name: 'Replicate', hosts: ['replicate.com'] },
  elevenlabs: { name: 'ElevenLabs', hosts: ['elevenlabs.io'] },
  deepgram: { name: 'Deepgram', hosts: ['console.deepgram.com'] },
  fal: { name: 'fal', hosts: ['fal.ai'] },
  stability: { name: 'Stability AI', hosts: ['platform.stability.ai'], copyOnly: true },
  'azure-openai': {
    name: 'Azure OpenAI',
    hosts: ['portal.azure.com', 'ai.azure.com'],
    copyOnly: true,
  },
  ollama: { name: 'Ollama', hosts: ['ollama.com'] },
  moonshot: {
    name: 'Moonshot',
    hosts: ['platform.kimi.ai', 'platform.moonshot.ai', 'platform.moonshot.cn'],
  },
  zhipu: {
    name: 'Z.ai (Zhipu)',
    hosts: ['z.ai', 'open.bigmodel.cn', 'bigmodel.cn'],
    copyOnly: true,
  },
  voyage: { name: 'Voyage AI', hosts: ['dashboard.voyageai.com', 'dash.voyageai.com'] },
  novita: { name: 'Novita AI', hosts: ['novita.ai'] },
  sambanova: { name: 'SambaNova', hosts: ['cloud.sambanova.ai'] },
  nvidia: { name: 'NVIDIA', hosts: ['build.nvidia.com', 'org.ngc.nvidia.com'] },
  minimax: { name: 'MiniMax', hosts: ['platform.minimax.io', 'platform.minimaxi.com'] },
  alibaba: {
    name: 'Alibaba (Qwen)',
    hosts: ['bailian.console.alibabacloud.com', 'bailian.console.aliyun.com'],
  },
  jina: { name: 'Jina AI', hosts: ['jina.ai'], copyOnly: true },
}

/** A host a provider gives keys out on. */
export interface Dashboard {
  readonly provider: ProviderId
  /** The provider's name. */
  readonly name: string
  readonly host: string
  /** C59: whole keys stand in its copy button alone, so what the page copies is looked at too. */
  readonly copyOnly: boolean
}

export const DASHBOARDS: readonly Dashboard[] = PROVIDER_IDS.flatMap((provider) => {
  const { name = '', hosts = [], copyOnly = false } = PLACES[provider] ?? {}
  return hosts.map((host) => ({ provider, name, host, copyOnly }))
})

const DASHBOARDS_BY_ORIGIN: ReadonlyMap<string, Dashboard> = new Map(
  DASHBOARDS.map((dashboard) => [`https://${dashboard.host}`, dashboard]),
)

/** The dashboard at exactly this origin (`https://host`, no other port); null: there is none. */
export function dashboardAt(origin: string): Dashboard | null {
  return DASHBOARDS_BY_ORIGIN.get(origin) ?? null
}

/** Whose dashboard stands at exactly this origin; null: nobody's. */
export function dashboardOf(origin: string): ProviderId | null {
  return dashboardAt(origin)?.provider ?? null
}
