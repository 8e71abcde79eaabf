/**
 * The pages providers give keys out on: exact hosts, shipped with the package and never downloaded
 * (security §5 "Phishing"; the providers' own pages, read in September 2026). A page anywhere else is no
 * dashboard, however it looks (C56).
 */
import { PROVIDER_IDS, type ProviderId } from '../protocol/index.ts'

const HOSTS: Readonly<Partial<Record<ProviderId, readonly string[]>>> = {
  openai: ['platform.openai.com'],
  anthropic: ['platform.claude.com', 'console.anthropic.com'],
  // Not Google Cloud's console: most keys there are public ones, for maps and the like.
  google: ['aistudio.google.com'],
  groq: ['console.groq.com'],
  openrouter: ['openrouter.ai'],
  // Not backoffice.mistral.ai: what it gives out administers an organisation (C39).
  mistral: ['console.mistral.ai', 'admin.mistral.ai'],
  xai: ['console.x.ai'],
  deepseek: ['platform.deepseek.com'],
  together: ['api.together.ai'],
  fireworks: ['app.fireworks.ai', 'fireworks.ai'],
  cohere: ['dashboard.cohere.com'],
  perplexity: ['console.perplexity.ai', 'www.perplexity.ai'],
  cerebras: ['cloud.cerebras.ai'],
  huggingface: ['huggingface.co'],
  replicate: ['replicate.com'],
  elevenlabs: ['elevenlabs.io'],
  deepgram: ['console.deepgram.com'],
  fal: ['fal.ai'],
  stability: ['platform.stability.ai'],
  'azure-openai': ['portal.azure.com', 'ai.azure.com'],
  ollama: ['ollama.com'],
  moonshot: ['platform.kimi.ai', 'platform.moonshot.ai', 'platform.moonshot.cn'],
  zhipu: ['z.ai', 'open.bigmodel.cn', 'bigmodel.cn'],
  voyage: ['dashboard.voyageai.com', 'dash.voyageai.com'],
  novita: ['novita.ai'],
  sambanova: ['cloud.sambanova.ai'],
  nvidia: ['build.nvidia.com', 'org.ngc.nvidia.com'],
  minimax: ['platform.minimax.io', 'platform.minimaxi.com'],
  alibaba: ['bailian.console.alibabacloud.com', 'bailian.console.aliyun.com'],
  jina: ['jina.ai'],
}

/** A host a provider gives keys out on. */
export interface Dashboard {
  readonly provider: ProviderId
  readonly host: string
}

export const DASHBOARDS: readonly Dashboard[] = PROVIDER_IDS.flatMap((provider) =>
  (HOSTS[provider] ?? []).map((host) => ({ provider, host })),
)

const PROVIDERS_BY_ORIGIN: ReadonlyMap<string, ProviderId> = new Map(
  DASHBOARDS.map(({ provider, host }) => [`https://${host}`, provider]),
)

/** Whose dashboard stands at exactly this origin (`https://host`, no other port); null: nobody's. */
export function dashboardOf(origin: string): ProviderId | null {
  return PROVIDERS_BY_ORIGIN.get(origin) ?? null
}
