import type {
  EmbeddingModelV4,
  EmbeddingModelV4CallOptions,
  EmbeddingModelV4Result,
} from '@ai-sdk/provider'
import { placeOf, type Place } from './place.ts'
import { postJson, type ModelSession } from './post.ts'

interface Embeddings {
  readonly data: readonly { readonly index: number; readonly embedding: number[] }[]
  readonly usage?: { readonly prompt_tokens?: number }
}

export class ValetKeyEmbeddingModel implements EmbeddingModelV4 {
  readonly specificationVersion = 'v4'
  readonly provider = 'valetkey'
  /** OpenAI's limit; those that copied its API take no more. */
  readonly maxEmbeddingsPerCall = 2048
  readonly supportsParallelCalls = true
  readonly modelId: string
  readonly #session: ModelSession
  readonly #place: Place

  constructor(modelId: string, session: ModelSession) {
    this.modelId = modelId
    this.#session = session
    this.#place = placeOf(modelId, 'embeddingModel')
  }

  async doEmbed({
    values,
    abortSignal,
    headers,
    providerOptions,
  }: EmbeddingModelV4CallOptions): Promise<EmbeddingModelV4Result> {
    const { base, model } = this.#place
    const reply = await postJson(this.#session, {
      url: `${base}/embeddings`,
      body: { model, input: values, encoding_format: 'float', ...providerOptions?.['valetkey'] },
      ...{ abortSignal, headers },
    })
    const body = (await reply.json()) as Embeddings
    const tokens = body.usage?.prompt_tokens
    return {
      embeddings: [...body.data]
        .sort((a, b) => a.index - b.index)
        .map(({ embedding }) => embedding),
      ...(tokens !== undefined && { usage: { tokens } }),
      warnings: [],
      response: { headers: Object.fromEntries(reply.headers), body },
    }
  }
}
