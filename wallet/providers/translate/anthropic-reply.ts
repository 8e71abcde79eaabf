/** Replies of Anthropic's Messages API as chat completions. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/index.ts'
import {
  chatUsage,
  chunk,
  completion,
  message,
  usageChunk,
  type Finish,
  type FinishReason,
  type ReplyFacts,
  type ReplyHead,
  type ReplyTranslator,
  type SaidCall,
  type StreamTranslator,
} from './chat-reply.ts'
import { toOpenAiError } from './error-reply.ts'
import { entryOf } from './spot.ts'

export function messagesReplies(facts: ReplyFacts): ReplyTranslator {
  return { whole: (reply) => wholeMessage(reply, facts), stream: () => new MessageStream(facts) }
}

const FINISH: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
}

function finishOf(reason: JsonValue | undefined): Finish {
  const known = typeof reason === 'string' ? entryOf(FINISH, reason) : undefined
  return { finish_reason: known ?? 'stop', native_finish_reason: reason ?? null }
}

function wholeMessage(reply: JsonObject, facts: ReplyFacts): JsonObject {
  let text = ''
  let reasoning = ''
  const calls: SaidCall[] = []
  const { content } = reply
  for (const block of Array.isArray(content) ? content : []) {
    if (!isJsonObject(block)) continue
    if (block['type'] === 'text') text += textOf(block['text'])
    else if (block['type'] === 'thinking') reasoning += textOf(block['thinking'])
    else if (block['type'] === 'tool_use') calls.push(callOf(block))
  }
  const said = message({ text, reasoning, calls, images: [] })
  return completion(
    headOf(reply, facts),
    [{ index: 0, message: said, logprobs: null, ...finishOf(reply['stop_reason']) }],
    usageOf(reply['usage']),
  )
}

function callOf({ id, name, input }: JsonObject): SaidCall {
  return { id: textOf(id), name: textOf(name), args: JSON.stringify(input ?? {}) }
}

function headOf(reply: JsonObject, { id, createdAt, model }: ReplyFacts): ReplyHead {
  return { id: textOf(reply['id']) || id, createdAt, model: textOf(reply['model']) || model }
}

/** Its input leaves out what was read from the cache and what was written to it. */
function usageOf(usage: JsonValue | undefined): JsonObject | null {
  if (!isJsonObject(usage)) return null
  const cached = countOf(usage['cache_read_input_tokens'])
  const cacheWrite = countOf(usage['cache_creation_input_tokens'])
  const details = usage['output_tokens_details']
  return chatUsage({
    prompt: countOf(usage['input_tokens']) + cached + cacheWrite,
    ...{ cached, cacheWrite },
    completion: countOf(usage['output_tokens']),
    reasoning: countOf(isJsonObject(details) ? details['thinking_tokens'] : 0),
  })
}

/** The state of one stream: no more than the open blocks and the counts so far. */
class MessageStream implements StreamTranslator {
  readonly #facts: ReplyFacts
  #head: ReplyHead
  #usage: JsonObject = {}
  #stopReason: JsonValue = null
  #stopped = false
  /** Of the tool calls, by the number of their block: their own number, and whether arguments came. */
  readonly #calls = new Map<JsonValue, { readonly index: number; hasArgs: boolean }>()

  constructor(facts: ReplyFacts) {
    this.#facts = facts
    this.#head = facts
  }

  event(event: JsonObject): readonly JsonObject[] {
    switch (textOf(event['type'])) {
      case 'message_start':
        return this.#start(event['message'])
      case 'content_block_start':
        return this.#open(event['index'] ?? null, event['content_block'])
      case 'content_block_delta':
        return this.#add(event['index'] ?? null, event['delta'])
      case 'content_block_stop':
        return this.#close(event['index'] ?? null)
      case 'message_delta':
        this.#note(event['usage'])
        if (isJsonObject(event['delta'])) this.#stopReason = event['delta']['stop_reason'] ?? null
        return []
      case 'message_stop':
        this.#stopped = true
        return [chunk(this.#head, { index: 0, delta: {}, finish: finishOf(this.#stopReason) })]
      case 'error':
        return [toOpenAiError(500, event)]
      default:
        return []
    }
  }

  end(): readonly JsonObject[] | null {
    if (!this.#stopped) return null
    const usage = this.#facts.includeUsage ? usageOf(this.#usage) : null
    return usage ? [usageChunk(this.#head, usage)] : []
  }

  #start(started: JsonValue | undefined): readonly JsonObject[] {
    if (isJsonObject(started)) {
      this.#head = headOf(started, this.#facts)
      this.#note(started['usage'])
    }
    return [this.#delta({ role: 'assistant', content: '' })]
  }

  /** Later counts replace earlier ones; what is left out or null stays. */
  #note(usage: JsonValue | undefined): void {
    if (!isJsonObject(usage)) return
    for (const [name, count] of Object.entries(usage)) if (count !== null) this.#usage[name] = count
  }

  #open(block: JsonValue, content: JsonValue | undefined): readonly JsonObject[] {
    if (!isJsonObject(content)) return []
    if (content['type'] !== 'tool_use') return this.#said(content['text'], content['thinking'])
    const { input } = content
    const index = this.#calls.size
    const hasArgs = isJsonObject(input) && Object.keys(input).length > 0
    this.#calls.set(block, { index, hasArgs })
    const named = { name: textOf(content['name']), arguments: hasArgs ? JSON.stringify(input) : '' }
    const call = { index, id: textOf(content['id']), type: 'function', function: named }
    return [this.#delta({ tool_calls: [call] })]
  }

  #add(block: JsonValue, delta: JsonValue | undefined): readonly JsonObject[] {
    if (!isJsonObject(delta)) return []
    if (delta['type'] === 'input_json_delta') {
      return this.#argue(block, textOf(delta['partial_json']))
    }
    return this.#said(delta['text'], delta['thinking'])
  }

  /** A tool without arguments is called with an empty object, which the API does not spell out. */
  #close(block: JsonValue): readonly JsonObject[] {
    const call = this.#calls.get(block)
    return call && !call.hasArgs ? this.#argue(block, '{}') : []
  }

  #argue(block: JsonValue, args: string): readonly JsonObject[] {
    const call = this.#calls.get(block)
    if (!call || args === '') return []
    call.hasArgs = true
    return [this.#delta({ tool_calls: [{ index: call.index, function: { arguments: args } }] })]
  }

  #said(text: JsonValue | undefined, thinking: JsonValue | undefined): readonly JsonObject[] {
    const said = textOf(text)
    const thought = textOf(thinking)
    return [
      ...(said === '' ? [] : [this.#delta({ content: said })]),
      ...(thought === '' ? [] : [this.#delta({ reasoning_content: thought })]),
    ]
  }

  #delta(delta: JsonObject): JsonObject {
    return chunk(this.#head, { index: 0, delta })
  }
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

function countOf(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : 0
}
