import type { ConnectedGrant, ProviderId } from 'valetkey'

/** One good, cheap model of each provider this app can work with, the preferred first. */
const MODELS = {
  openai: 'gpt-5-mini',
  anthropic: 'claude-haiku-4-5',
  google: 'gemini-2.5-flash',
  groq: 'llama-3.3-70b-versatile',
  mistral: 'mistral-small-latest',
} satisfies Partial<Record<ProviderId, string>>

export const PROVIDERS = Object.keys(MODELS) as (keyof typeof MODELS)[]

export type Model = `${string}/${string}`

/** What can be used of a grant: our model where the person allowed it, or else one they named. */
export function modelsOf(grant: ConnectedGrant): Model[] {
  return PROVIDERS.flatMap((provider) => {
    const granted = grant.providers.find((one) => one.provider === provider)
    if (!granted) return []
    const name = nameOf(MODELS[provider], granted.models)
    return name === undefined ? [] : [`${provider}/${name}` as const]
  })
}

function nameOf(ours: string, allowed: 'any' | readonly string[]): string | undefined {
  if (allowed === 'any' || allowed.some((pattern) => fits(ours, pattern))) return ours
  return allowed.find((pattern) => !pattern.includes('*'))
}

/** `*` stands for any letters. */
function fits(name: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(name)
}
