/** A chat completion, whole or in pieces, as the AI SDK reads it. */
import type {
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
  SharedV4Warning,
} from '@ai-sdk/provider'

interface Usage {
  readonly prompt_tokens?: number
  readonly completion_tokens?: number
  readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number } | null
}

interface ToolCall {
  readonly index?: number
  readonly id?: string
  readonly function?: { readonly name?: string; readonly arguments?: string }
}

interface Said {
  readonly content?: string | null
  readonly reasoning_content?: string | null
  readonly tool_calls?: readonly ToolCall[]
}

export interface Completion {
  readonly id?: string
  readonly model?: string
  readonly created?: number
  readonly choices?: readonly {
    readonly message?: Said
    readonly delta?: Said
    readonly finish_reason?: string | null
  }[]
  readonly usage?: Usage | null
  readonly error?: { readonly message?: string }
}

const REASONS: Readonly<Record<string, LanguageModelV4FinishReason['unified']>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
}

export function finishOf(raw: string | null | undefined): LanguageModelV4FinishReason {
  return { unified: REASONS[raw ?? ''] ?? 'other', raw: raw ?? undefined }
}

export function usageOf(usage: Usage | null | undefined): LanguageModelV4Usage {
  const input = usage?.prompt_tokens
  const cached = usage?.prompt_tokens_details?.cached_tokens
  const output = usage?.completion_tokens
  const thought = usage?.completion_tokens_details?.reasoning_tokens
  return {
    inputTokens: {
      ...{ total: input, cacheRead: cached, cacheWrite: undefined },
      noCache: input === undefined ? undefined : input - (cached ?? 0),
    },
    outputTokens: {
      ...{ total: output, reasoning: thought },
      text: output === undefined ? undefined : output - (thought ?? 0),
    },
  }
}

export function contentOf({
  content,
  reasoning_content: thought,
  tool_calls: calls,
}: Said): LanguageModelV4Content[] {
  return [
    ...(thought ? [{ type: 'reasoning' as const, text: thought }] : []),
    ...(content ? [{ type: 'text' as const, text: content }] : []),
    ...(calls ?? []).map(({ id, function: called }, index) => ({
      type: 'tool-call' as const,
      toolCallId: id ?? `call_${String(index)}`,
      toolName: called?.name ?? '',
      input: called?.arguments ?? '{}',
    })),
  ]
}

export function metadataOf({ id, model, created }: Completion) {
  return {
    ...(id !== undefined && { id }),
    ...(model !== undefined && { modelId: model }),
    ...(created !== undefined && { timestamp: new Date(created * 1000) }),
  }
}

type Emit = (part: LanguageModelV4StreamPart) => void

/** Turns the pieces of a streamed answer into parts: each kind begins and ends once. */
export class StreamReader {
  readonly #emit: Emit
  readonly #calls = new Map<number, { id: string; name: string; input: string }>()
  #open: { readonly kind: 'text' | 'reasoning'; readonly id: string } | null = null
  #blocks = 0
  #isFirst = true
  #finish: string | null = null
  #usage: Usage | null = null

  constructor(emit: Emit, warnings: SharedV4Warning[]) {
    this.#emit = emit
    emit({ type: 'stream-start', warnings })
  }

  read(piece: Completion): void {
    if (this.#isFirst) {
      this.#isFirst = false
      this.#emit({ type: 'response-metadata', ...metadataOf(piece) })
    }
    if (piece.usage) this.#usage = piece.usage
    const [choice] = piece.choices ?? []
    const { content, reasoning_content: thought, tool_calls: calls } = choice?.delta ?? {}
    if (thought) this.#say('reasoning', thought)
    if (content) this.#say('text', content)
    for (const call of calls ?? []) this.#call(call)
    if (choice?.finish_reason) this.#finish = choice.finish_reason
  }

  /** A part that belongs to no block. */
  pass(part: LanguageModelV4StreamPart): void {
    this.#emit(part)
  }

  end(): void {
    this.#close()
    for (const { id, name, input } of this.#calls.values()) {
      this.#emit({ type: 'tool-input-end', id })
      this.#emit({
        type: 'tool-call',
        toolCallId: id,
        toolName: name,
        input: input === '' ? '{}' : input,
      })
    }
    const finishReason: LanguageModelV4FinishReason =
      this.#finish === null ? { unified: 'interrupted', raw: undefined } : finishOf(this.#finish)
    this.#emit({ type: 'finish', finishReason, usage: usageOf(this.#usage) })
  }

  #say(kind: 'text' | 'reasoning', delta: string): void {
    if (this.#open?.kind !== kind) {
      this.#close()
      this.#open = { kind, id: String(this.#blocks++) }
      this.#emit({ type: `${kind}-start`, id: this.#open.id })
    }
    this.#emit({ type: `${kind}-delta`, id: this.#open.id, delta })
  }

  #call({ index = 0, id, function: called }: ToolCall): void {
    let call = this.#calls.get(index)
    if (!call) {
      this.#close()
      call = { id: id ?? `call_${String(index)}`, name: called?.name ?? '', input: '' }
      this.#calls.set(index, call)
      this.#emit({ type: 'tool-input-start', id: call.id, toolName: call.name })
    }
    const delta = called?.arguments ?? ''
    if (delta === '') return
    call.input += delta
    this.#emit({ type: 'tool-input-delta', id: call.id, delta })
  }

  #close(): void {
    if (this.#open) this.#emit({ type: `${this.#open.kind}-end`, id: this.#open.id })
    this.#open = null
  }
}
