/** Replies in OpenAI's form: whole completions, chunks of a stream, usage. */
import type { JsonObject, JsonValue } from '../../protocol/index.ts'

/** What a reply says about itself where the provider says nothing. */
export interface ReplyFacts {
  readonly id: string
  /** Unix seconds */
  readonly createdAt: number
  readonly model: string
  /** The app asked for usage at the end of its stream. */
  readonly includeUsage: boolean
}

/** Who a reply is of: the same in each of its chunks. */
export interface ReplyHead {
  readonly id: string
  readonly createdAt: number
  readonly model: string
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter'

/** Turns a provider's stream into chunks of OpenAI's, event by event. */
export interface StreamTranslator {
  /** One event's `data` → the chunks it says. */
  event(event: JsonObject): readonly JsonObject[]
  /** What the end of the stream says. Null: it broke off, and must not look finished. */
  end(): readonly JsonObject[] | null
}

export interface ReplyTranslator {
  whole(reply: JsonObject): JsonObject
  stream(): StreamTranslator
}

/** Counts as OpenAI's usage has them: cached tokens inside the prompt, thoughts inside the completion. */
export function chatUsage(counts: {
  readonly prompt: number
  readonly cached: number
  readonly cacheWrite: number
  readonly completion: number
  readonly reasoning: number
}): JsonObject {
  const { prompt, cached, cacheWrite, completion, reasoning } = counts
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: cacheWrite },
    completion_tokens_details: { reasoning_tokens: reasoning },
  }
}

export function completion(
  { id, createdAt, model }: ReplyHead,
  choices: readonly JsonObject[],
  usage: JsonObject | null,
): JsonObject {
  return {
    ...{ id, object: 'chat.completion', created: createdAt, model },
    choices: [...choices],
    ...(usage ? { usage } : {}),
  }
}

export function chunk(
  { id, createdAt, model }: ReplyHead,
  choice: { readonly index: number; readonly delta: JsonObject; readonly finish?: Finish },
): JsonObject {
  const { index, delta, finish } = choice
  return {
    ...{ id, object: 'chat.completion.chunk', created: createdAt, model },
    choices: [{ index, delta, logprobs: null, finish_reason: null, ...(finish ?? {}) }],
  }
}

/** The last chunk of a stream whose usage was asked for: it has no choices. */
export function usageChunk({ id, createdAt, model }: ReplyHead, usage: JsonObject): JsonObject {
  return {
    ...{ id, object: 'chat.completion.chunk', created: createdAt, model },
    ...{ choices: [], usage },
  }
}

/** Why an answer ended, in OpenAI's words and in the provider's own. */
export interface Finish {
  readonly finish_reason: FinishReason
  readonly native_finish_reason: JsonValue
}

export interface SaidCall {
  readonly id: string
  readonly name: string
  readonly args: string
  /** Google's, asked back with the call. */
  readonly thoughtSignature?: string | undefined
}

export function toolCall({ id, name, args, thoughtSignature }: SaidCall): JsonObject {
  return {
    ...{ id, type: 'function', function: { name, arguments: args } },
    ...(thoughtSignature === undefined
      ? {}
      : { extra_content: { google: { thought_signature: thoughtSignature } } }),
  }
}

/** What a model said, put together from its blocks or parts. */
export interface Said {
  readonly text: string
  readonly reasoning: string
  readonly calls: readonly SaidCall[]
  /** Pictures it made, as `data:` URLs. */
  readonly images: readonly string[]
}

/** Content of nothing is null where there is something else. */
export function message({ text, reasoning, calls, images }: Said): JsonObject {
  const isSilent = text === '' && calls.length + images.length > 0
  return {
    ...{ role: 'assistant', content: isSilent ? null : text, refusal: null },
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(toolCall) }),
    ...(images.length === 0 ? {} : { images: imagesOf(images) }),
  }
}

export function imagesOf(urls: readonly string[]): JsonValue[] {
  return urls.map((url) => ({ type: 'image_url', image_url: { url } }))
}
