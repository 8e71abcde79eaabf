/** A provider for the AI SDK, specification v4: models by `provider/model`, called with the person's own key. */
import type {
  EmbeddingModelV4,
  ImageModelV4,
  LanguageModelV4,
  ProviderV4,
  SpeechModelV4,
  TranscriptionModelV4,
} from '@ai-sdk/provider'
import { ValetKeyEmbeddingModel } from './embedding-model.ts'
import { ValetKeyLanguageModel } from './language-model.ts'
import {
  ValetKeyImageModel,
  ValetKeySpeechModel,
  ValetKeyTranscriptionModel,
} from './media-models.ts'
import type { ModelSession } from './post.ts'

export { createChatTransport, type ChatTransportOptions } from './chat-transport.ts'
export type { ModelSession } from './post.ts'

/** Makes models of the AI SDK, each by `provider/model`. */
export interface ValetKeyProvider extends ProviderV4 {
  /** @param modelId `anthropic/claude-sonnet-5`: any granted provider, its model */
  (modelId: string): LanguageModelV4
  /** @throws NoSuchModelError, as the ones below, for a provider without it */
  embeddingModel(modelId: string): EmbeddingModelV4
  imageModel(modelId: string): ImageModelV4
  speechModel(modelId: string): SpeechModelV4
  transcriptionModel(modelId: string): TranscriptionModelV4
}

/** The AI SDK's provider over a session. @param session of `connect` or `reconnect` */
export function createValetKey(session: ModelSession): ValetKeyProvider {
  const languageModel = (modelId: string) => new ValetKeyLanguageModel(modelId, session)
  return Object.assign((modelId: string) => languageModel(modelId), {
    ...{ specificationVersion: 'v4' as const, languageModel },
    embeddingModel: (modelId: string) => new ValetKeyEmbeddingModel(modelId, session),
    imageModel: (modelId: string) => new ValetKeyImageModel(modelId, session),
    speechModel: (modelId: string) => new ValetKeySpeechModel(modelId, session),
    transcriptionModel: (modelId: string) => new ValetKeyTranscriptionModel(modelId, session),
  })
}
