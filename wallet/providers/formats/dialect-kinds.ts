/** The endpoints of OpenAI's dialect, as every API that copies it serves them: shape, facts, usage. */
import type { JsonObject } from '../../protocol/index.ts'
import { prepareMessages, readMessagesFacts } from '../anthropic/facts.ts'
import { createMessagesUsageReader } from '../anthropic/usage.ts'
import type { Endpoint, PreparedBody } from '../provider.ts'
import { factsWithoutBody } from './call-facts.ts'
import {
  prepareChat,
  prepareCompletion,
  readChatFacts,
  readCompletionFacts,
  type ChatHabits,
} from './chat-completions.ts'
import { createChatUsageReader, createEmbeddingUsageReader } from './chat-usage.ts'
import type { FactsReader, UsageReaderFactory } from './endpoint-table.ts'
import {
  readEmbeddingFacts,
  readImageEditFacts,
  readImageFacts,
  readModerationFacts,
  readRerankFacts,
  readSpeechFacts,
  readTranscriptionFacts,
} from './media.ts'
import { limitToAdd, type OutputCap } from './output-caps.ts'
import { capTokenLimits, readOptionalModel } from './request-fields.ts'
import { prepareResponses, readResponsesFacts } from './responses.ts'
import { createMediaUsageReader, createResponsesUsageReader } from './responses-usage.ts'
import { createFreeReader, createSilentReader } from './token-counts.ts'

/** What a provider of the dialect does in its own way. */
export interface DialectHabits extends ChatHabits {
  readonly caps: readonly OutputCap[]
}

/** Sets limits, and asks for usage where it is not reported unasked. */
export type Prepare = (
  body: JsonObject,
  maxOutputTokens: number,
  habits: DialectHabits,
) => PreparedBody

/** One kind of endpoint: where it stands below the base, and how its calls are read. */
export interface DialectKind extends Pick<Endpoint, 'method' | 'capability' | 'body'> {
  /** A pattern, without the slash before it. */
  readonly below: string
  readonly facts: FactsReader
  readonly usage: UsageReaderFactory
  /** Nothing is added to a body without it. */
  readonly prepare?: Prepare
}

/** For shapes of their own with the common name of the limit. */
export const prepareLimit: Prepare = (body, maxOutputTokens, { caps }) => {
  const { body: capped, given } = capTokenLimits(body, ['max_tokens'], maxOutputTokens)
  if (!given) {
    capped['max_tokens'] = limitToAdd(readOptionalModel(body) ?? '', caps, maxOutputTokens)
  }
  return { body: capped, usageAddedByUs: false }
}

const prepareChatBody: Prepare = (body, max, habits) => prepareChat(body, max, habits.caps, habits)

export const DIALECT_KINDS = {
  models: {
    ...{ method: 'GET', below: 'models(?:/[A-Za-z0-9._:-]+){0,3}', capability: 'models' },
    ...{ body: 'none', facts: factsWithoutBody, usage: createFreeReader },
  },
  chat: {
    ...{ method: 'POST', below: 'chat/completions', capability: 'chat', body: 'json' },
    ...{ facts: readChatFacts, usage: createChatUsageReader, prepare: prepareChatBody },
  },
  responses: {
    ...{ method: 'POST', below: 'responses', capability: 'chat', body: 'json' },
    ...{ facts: readResponsesFacts, usage: createResponsesUsageReader },
    prepare: (body, max, { caps }) => prepareResponses(body, max, caps),
  },
  completions: {
    ...{ method: 'POST', below: 'completions', capability: 'chat', body: 'json' },
    ...{ facts: readCompletionFacts, usage: createChatUsageReader },
    prepare: (body, max, habits) => prepareCompletion(body, max, habits),
  },
  /** Anthropic's messages, which many copies serve beside OpenAI's dialect. */
  messages: {
    ...{ method: 'POST', below: 'messages', capability: 'chat', body: 'json' },
    ...{ facts: readMessagesFacts, usage: createMessagesUsageReader },
    prepare: (body, max) => ({ body: prepareMessages(body, max), usageAddedByUs: false }),
  },
  embeddings: {
    ...{ method: 'POST', below: 'embeddings', capability: 'embedding', body: 'json' },
    ...{ facts: readEmbeddingFacts, usage: createEmbeddingUsageReader },
  },
  rerank: {
    ...{ method: 'POST', below: 'rerank', capability: 'rerank', body: 'json' },
    ...{ facts: readRerankFacts, usage: createSilentReader },
  },
  moderations: {
    ...{ method: 'POST', below: 'moderations', capability: 'moderation', body: 'json' },
    ...{ facts: readModerationFacts, usage: createFreeReader },
  },
  images: {
    ...{ method: 'POST', below: 'images/generations', capability: 'image', body: 'json' },
    ...{ facts: readImageFacts, usage: createMediaUsageReader },
  },
  'images.edits': {
    ...{ method: 'POST', below: 'images/edits', capability: 'image', body: 'form' },
    ...{ facts: readImageEditFacts, usage: createMediaUsageReader },
  },
  speech: {
    ...{ method: 'POST', below: 'audio/speech', capability: 'speech', body: 'json' },
    ...{ facts: readSpeechFacts, usage: createMediaUsageReader },
  },
  transcriptions: {
    ...{ method: 'POST', below: 'audio/transcriptions', capability: 'transcription', body: 'form' },
    ...{ facts: readTranscriptionFacts, usage: createMediaUsageReader },
  },
  translations: {
    ...{ method: 'POST', below: 'audio/translations', capability: 'transcription', body: 'form' },
    ...{ facts: readTranscriptionFacts, usage: createMediaUsageReader },
  },
} as const satisfies Record<string, DialectKind>

export type DialectKindName = keyof typeof DIALECT_KINDS

/** What a server answers that speaks the whole dialect, as far as it is text. */
export const TEXT_KINDS = [
  'models',
  'chat',
  'completions',
  'responses',
  'messages',
  'embeddings',
] as const satisfies readonly DialectKindName[]
