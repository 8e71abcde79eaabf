/** One chat completion, for whichever provider its model names: the request there, the replies back. */
import { WalletError, type JsonObject, type ProviderId } from '../../protocol/index.ts'
import { PROVIDER_IDS } from '../../protocol/index.ts'
import { messagesReplies } from './anthropic-reply.ts'
import { toMessagesRequest } from './anthropic-request.ts'
import type { ReplyFacts, ReplyTranslator } from './chat-reply.ts'
import { geminiReplies } from './google-reply.ts'
import { toGeminiRequest } from './google-request.ts'
import { UNIFIED_WAYS } from './unified-paths.ts'

/** A model as an app names it: whose, and by that provider's own name. */
export interface UnifiedModel {
  readonly provider: ProviderId
  readonly name: string
}

/** A call in a provider's own form, to be judged and sent as any other. */
export interface TranslatedChat {
  /** From the provider's root, with its query. */
  readonly path: string
  readonly body: JsonObject
  /** How replies come back; null: they are OpenAI's already. */
  readonly replies: ((facts: Pick<ReplyFacts, 'id' | 'createdAt'>) => ReplyTranslator) | null
}

/**
 * `anthropic/claude-…`, `openrouter/deepseek/deepseek-chat`: all behind the first slash is the provider's.
 * @throws `request.invalid` for a body that names no model so
 */
export function readUnifiedModel({ model }: JsonObject): UnifiedModel {
  const text = typeof model === 'string' ? model : ''
  const slash = text.indexOf('/')
  const provider = PROVIDER_IDS.find((id) => id === text.slice(0, slash))
  const name = text.slice(slash + 1)
  if (slash === -1 || provider === undefined || name === '') {
    throw new WalletError('request.invalid', { reason: 'model' })
  }
  return { provider, name }
}

/** Whether a unified call can reach a model of this provider. */
export function servesChat(provider: ProviderId): boolean {
  return UNIFIED_WAYS[provider].kind !== 'none'
}

/**
 * @throws `request.untranslatable` for a field the provider has no words for, and for a provider that does
 * not chat; `request.invalid` for what is no chat completion
 */
export function translateChat(
  request: JsonObject,
  { provider, name }: UnifiedModel,
): TranslatedChat {
  const way = UNIFIED_WAYS[provider]
  const includeUsage = asksForUsage(request)
  switch (way.kind) {
    case 'dialect':
      return { path: way.path, body: { ...request, model: name }, replies: null }
    case 'messages':
      return {
        path: '/v1/messages',
        body: toMessagesRequest(request, name),
        replies: (facts) => messagesReplies({ ...facts, model: name, includeUsage }),
      }
    case 'gemini':
      return {
        path: geminiPath(name, request['stream'] === true),
        body: toGeminiRequest(request, name),
        replies: (facts) => geminiReplies({ ...facts, model: name, includeUsage }),
      }
    case 'none':
      throw new WalletError('request.untranslatable', { provider, field: 'model' })
  }
}

/** The name becomes a part of an address: nothing but a name may stand there (C24). */
function geminiPath(name: string, isStream: boolean): string {
  const model = /^(?:models\/)?([A-Za-z0-9._-]{1,200})$/.exec(name)?.[1]
  if (model === undefined) throw new WalletError('request.invalid', { reason: 'model' })
  const method = isStream ? 'streamGenerateContent?alt=sse' : 'generateContent'
  return `/v1beta/models/${model}:${method}`
}

function asksForUsage({ stream_options: options }: JsonObject): boolean {
  return typeof options === 'object' && options !== null && 'include_usage' in options
    ? options['include_usage'] === true
    : false
}
