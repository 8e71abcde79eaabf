import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider'
import { postJson, type ModelSession } from './post.ts'
import { StreamReader, contentOf, finishOf, metadataOf, usageOf, type Completion } from './reply.ts'
import { bodyOf } from './request.ts'
import { eventsOf } from '../server-events.ts'

/** A chat model of any granted provider, behind the one address the wallet translates for. */
export class ValetKeyLanguageModel implements LanguageModelV4 {
  readonly specificationVersion = 'v4'
  readonly provider = 'valetkey'
  readonly supportedUrls = { 'image/*': [/^https:\/\//] }
  readonly modelId: string
  readonly #session: ModelSession

  constructor(modelId: string, session: ModelSession) {
    this.modelId = modelId
    this.#session = session
  }

  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const { body, warnings } = bodyOf(this.modelId, options)
    const reply = await this.#post(body, options)
    const completion = (await reply.json()) as Completion
    const [choice] = completion.choices ?? []
    return {
      content: contentOf(choice?.message ?? {}),
      finishReason: finishOf(choice?.finish_reason),
      usage: usageOf(completion.usage),
      warnings,
      request: { body },
      response: {
        ...metadataOf(completion),
        headers: Object.fromEntries(reply.headers),
        body: completion,
      },
    }
  }

  async doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const { body, warnings } = bodyOf(this.modelId, options)
    const asked = { ...body, stream: true, stream_options: { include_usage: true } }
    const reply = await this.#post(asked, options)
    const events = eventsOf(reply.body)
    let emitted = 0
    let reader: StreamReader | null = null
    const stream = new ReadableStream<LanguageModelV4StreamPart>({
      start: (controller) => {
        const emit = (part: LanguageModelV4StreamPart): void => {
          emitted += 1
          controller.enqueue(part)
        }
        reader = new StreamReader(emit, warnings)
      },
      pull: async (controller) => {
        const before = emitted
        // A stream asks again only after it was given something: pieces that say nothing are passed over.
        while (emitted === before) {
          const { done, value } = await events.next()
          if (done) {
            reader?.end()
            controller.close()
            return
          }
          const piece = JSON.parse(value) as Completion
          if (options.includeRawChunks) reader?.pass({ type: 'raw', rawValue: piece })
          if (piece.error)
            reader?.pass({ type: 'error', error: piece.error.message ?? piece.error })
          else reader?.read(piece)
        }
      },
      cancel: async () => {
        await events.return(undefined)
      },
    })
    return {
      stream,
      request: { body: asked },
      response: { headers: Object.fromEntries(reply.headers) },
    }
  }

  #post(body: object, { abortSignal, headers }: LanguageModelV4CallOptions): Promise<Response> {
    return postJson(this.#session, {
      url: `${this.#session.baseURL}/chat/completions`,
      ...{ body, abortSignal, headers },
    })
  }
}
