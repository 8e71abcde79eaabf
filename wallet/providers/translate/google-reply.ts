/** Replies of the Gemini API as chat completions: a stream's events are replies of a few parts each. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/index.ts'
import {
  chatUsage,
  chunk,
  completion,
  imagesOf,
  message,
  toolCall,
  usageChunk,
  type Finish,
  type FinishReason,
  type ReplyFacts,
  type ReplyHead,
  type ReplyTranslator,
  type Said,
  type SaidCall,
  type StreamTranslator,
} from './chat-reply.ts'
import { toOpenAiError } from './error-reply.ts'
import { entryOf } from './spot.ts'

export function geminiReplies(facts: ReplyFacts): ReplyTranslator {
  return { whole: (reply) => wholeReply(reply, facts), stream: () => new ContentStream(facts) }
}

/** What is none of these is a reason of the filters. */
const FINISH: Readonly<Record<string, FinishReason>> = {
  STOP: 'stop',
  FINISH_REASON_UNSPECIFIED: 'stop',
  OTHER: 'stop',
  MALFORMED_FUNCTION_CALL: 'stop',
  MALFORMED_RESPONSE: 'stop',
  UNEXPECTED_TOOL_CALL: 'stop',
  TOO_MANY_TOOL_CALLS: 'stop',
  NO_IMAGE: 'stop',
  MAX_TOKENS: 'length',
  CONTINUATION: 'length',
}

function finishOf(reason: string, hasCalls: boolean): Finish {
  const known = entryOf(FINISH, reason) ?? 'content_filter'
  const finish = known === 'stop' && hasCalls ? 'tool_calls' : known
  return { finish_reason: finish, native_finish_reason: reason }
}

/** Nothing was answered: the prompt itself was held back. */
function blockedBy(reason: string): Finish {
  return { finish_reason: 'content_filter', native_finish_reason: reason }
}

function wholeReply(reply: JsonObject, facts: ReplyFacts): JsonObject {
  const head = headOf(reply, facts)
  const choices = candidatesOf(reply).map((candidate, place) => {
    const index = indexOf(candidate, place)
    const said = saidBy(candidate, (call) => idOf(head, index, call))
    const reason = textOf(candidate['finishReason']) || 'STOP'
    return {
      ...{ index, message: message(said), logprobs: logprobsOf(candidate['logprobsResult']) },
      ...finishOf(reason, said.calls.length > 0),
    }
  })
  const blocked = blockReasonOf(reply)
  if (choices.length === 0 && blocked !== null) {
    const nothing = message({ text: '', reasoning: '', calls: [], images: [] })
    const silent = { index: 0, message: nothing, logprobs: null }
    return completion(head, [{ ...silent, ...blockedBy(blocked) }], usageOf(reply))
  }
  return completion(head, choices, usageOf(reply))
}

/** The state of one stream: what each answer is at, and the last count. */
class ContentStream implements StreamTranslator {
  readonly #facts: ReplyFacts
  #head: ReplyHead
  #usage: JsonObject | null = null
  readonly #answers = new Map<number, { calls: number; finished: boolean }>()

  constructor(facts: ReplyFacts) {
    this.#facts = facts
    this.#head = facts
  }

  event(event: JsonObject): readonly JsonObject[] {
    if (isJsonObject(event['error'])) return [toOpenAiError(500, event)]
    this.#head = headOf(event, this.#head)
    this.#usage = usageOf(event) ?? this.#usage
    const said = candidatesOf(event).flatMap((candidate, place) =>
      this.#candidate(candidate, place),
    )
    const blocked = blockReasonOf(event)
    if (said.length > 0 || blocked === null) return said
    return this.#finish(0, blockedBy(blocked))
  }

  end(): readonly JsonObject[] | null {
    const answers = [...this.#answers.values()]
    if (answers.length === 0 || answers.some(({ finished }) => !finished)) return null
    return this.#facts.includeUsage && this.#usage ? [usageChunk(this.#head, this.#usage)] : []
  }

  #candidate(candidate: JsonObject, place: number): readonly JsonObject[] {
    const index = indexOf(candidate, place)
    const isNew = !this.#answers.has(index)
    const answer = this.#answer(index)
    const first = answer.calls
    const { text, reasoning, calls, images } = saidBy(candidate, (call) =>
      idOf(this.#head, index, first + call),
    )
    answer.calls += calls.length
    const logprobs = logprobsOf(candidate['logprobsResult'])
    const chunks = [
      ...(isNew ? [{ role: 'assistant', content: '' }] : []),
      ...(reasoning === '' ? [] : [{ reasoning_content: reasoning }]),
      ...(text === '' ? [] : [{ content: text }]),
      ...calls.map((call, at) => ({ tool_calls: [{ index: first + at, ...toolCall(call) }] })),
      ...(images.length === 0 ? [] : [{ images: imagesOf(images) }]),
    ].map((delta) => chunk(this.#head, { index, delta }))
    if (logprobs !== null) noteLogprobs(chunks, logprobs)
    const reason = textOf(candidate['finishReason'])
    return reason === ''
      ? chunks
      : [...chunks, ...this.#finish(index, finishOf(reason, answer.calls > 0))]
  }

  #answer(index: number): { calls: number; finished: boolean } {
    const answer = this.#answers.get(index) ?? { calls: 0, finished: false }
    this.#answers.set(index, answer)
    return answer
  }

  #finish(index: number, finish: Finish): readonly JsonObject[] {
    const answer = this.#answer(index)
    if (answer.finished) return []
    answer.finished = true
    return [chunk(this.#head, { index, delta: {}, finish })]
  }
}

/** They belong to the text that came with them, or to whatever came last. */
function noteLogprobs(chunks: readonly JsonObject[], logprobs: JsonObject): void {
  const choice = (each: JsonObject | undefined): JsonObject => {
    const choices = each?.['choices']
    const first = Array.isArray(choices) ? choices[0] : null
    return isJsonObject(first) ? first : {}
  }
  const withText = chunks.find((each) => {
    const delta = choice(each)['delta']
    return isJsonObject(delta) && textOf(delta['content']) !== ''
  })
  choice(withText ?? chunks.at(-1))['logprobs'] = logprobs
}

function candidatesOf({ candidates }: JsonObject): readonly JsonObject[] {
  return (Array.isArray(candidates) ? candidates : []).filter(isJsonObject)
}

/** Zeros are left out of its replies. */
function indexOf({ index }: JsonObject, place: number): number {
  return typeof index === 'number' ? index : place
}

function blockReasonOf({ promptFeedback }: JsonObject): string | null {
  const reason = isJsonObject(promptFeedback) ? promptFeedback['blockReason'] : null
  return typeof reason === 'string' ? reason : null
}

function saidBy({ content }: JsonObject, makeId: (call: number) => string): Said {
  const parts = isJsonObject(content) ? content['parts'] : null
  let text = ''
  let reasoning = ''
  const calls: SaidCall[] = []
  const images: string[] = []
  for (const part of Array.isArray(parts) ? parts : []) {
    if (!isJsonObject(part)) continue
    const { functionCall, inlineData, thoughtSignature } = part
    if (part['thought'] === true) reasoning += textOf(part['text'])
    else text += textOf(part['text'])
    if (isJsonObject(functionCall)) {
      calls.push({
        id: textOf(functionCall['id']) || makeId(calls.length),
        name: textOf(functionCall['name']),
        args: JSON.stringify(functionCall['args'] ?? {}),
        thoughtSignature: typeof thoughtSignature === 'string' ? thoughtSignature : undefined,
      })
    }
    if (isJsonObject(inlineData)) {
      images.push(`data:${textOf(inlineData['mimeType'])};base64,${textOf(inlineData['data'])}`)
    }
  }
  return { text, reasoning, calls, images }
}

/** Where a model gives its calls no name: one no other call of the conversation has. */
function idOf({ id }: ReplyHead, index: number, call: number): string {
  return `call_${id}_${index}_${call}`
}

function headOf(reply: JsonObject, { id, createdAt, model }: ReplyHead): ReplyHead {
  return {
    id: textOf(reply['responseId']) || id,
    createdAt,
    model: textOf(reply['modelVersion']) || model,
  }
}

/** Cached tokens are inside the prompt, thoughts outside the candidates. */
function usageOf({ usageMetadata: usage }: JsonObject): JsonObject | null {
  if (!isJsonObject(usage) || typeof usage['promptTokenCount'] !== 'number') return null
  const prompt = usage['promptTokenCount'] + countOf(usage['toolUsePromptTokenCount'])
  const reasoning = countOf(usage['thoughtsTokenCount'])
  const named = countOf(usage['candidatesTokenCount']) + reasoning
  return chatUsage({
    ...{ prompt, cached: countOf(usage['cachedContentTokenCount']), cacheWrite: 0, reasoning },
    // What the total holds beyond both sides was produced and is billed as output.
    completion: Math.max(named, countOf(usage['totalTokenCount']) - prompt),
  })
}

/** The chosen tokens, and beside each the ones that were nearly chosen. */
function logprobsOf(result: JsonValue | undefined): JsonObject | null {
  if (!isJsonObject(result)) return null
  const { chosenCandidates, topCandidates } = result
  if (!Array.isArray(chosenCandidates)) return null
  const tops = Array.isArray(topCandidates) ? topCandidates : []
  return {
    content: chosenCandidates.map((chosen, place) => {
      const top = tops[place]
      const others = isJsonObject(top) && Array.isArray(top['candidates']) ? top['candidates'] : []
      return { ...logprobOf(chosen), top_logprobs: others.map(logprobOf) }
    }),
    refusal: null,
  }
}

function logprobOf(value: JsonValue): JsonObject {
  const candidate = isJsonObject(value) ? value : {}
  const token = textOf(candidate['token'])
  return {
    token,
    logprob: countOf(candidate['logProbability']),
    bytes: [...new TextEncoder().encode(token)],
  }
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

function countOf(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : 0
}
