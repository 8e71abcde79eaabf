import { NoSuchModelError } from '@ai-sdk/provider'

type Kind = 'embeddingModel' | 'imageModel' | 'speechModel' | 'transcriptionModel'

/** Where providers that copy OpenAI's API answer, and what of it they have (their API references). */
const PLACES: Readonly<Record<string, { readonly base: string; readonly kinds: readonly Kind[] }>> =
  {
    openai: {
      base: 'https://api.openai.com/v1',
      kinds: ['embeddingModel', 'imageModel', 'speechModel', 'transcriptionModel'],
    },
    groq: {
      base: 'https://api.groq.com/openai/v1',
      kinds: ['speechModel', 'transcriptionModel'],
    },
    mistral: { base: 'https://api.mistral.ai/v1', kinds: ['embeddingModel'] },
    together: { base: 'https://api.together.xyz/v1', kinds: ['embeddingModel'] },
    fireworks: { base: 'https://api.fireworks.ai/inference/v1', kinds: ['embeddingModel'] },
  }

export interface Place {
  readonly base: string
  /** The model as the provider names it. */
  readonly model: string
}

/** @throws NoSuchModelError for a provider that has none of the kind in this format */
export function placeOf(modelId: string, modelType: Kind): Place {
  const slash = modelId.indexOf('/')
  const place = PLACES[modelId.slice(0, Math.max(0, slash))]
  if (!place?.kinds.includes(modelType)) throw new NoSuchModelError({ modelId, modelType })
  return { base: place.base, model: modelId.slice(slash + 1) }
}
