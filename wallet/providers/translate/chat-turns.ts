/** The messages of a chat completion, read once: roles, parts and tool calls, every member accounted for. */
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '../../protocol/index.ts'
import {
  below,
  kindOf,
  listAt,
  malformed,
  maybeTextAt,
  objectAt,
  textAt,
  untranslatable,
  type Spot,
} from './spot.ts'

export interface TextPart {
  readonly kind: 'text'
  readonly text: string
}

/** What a person shows a model beside text. */
export type MediaPart =
  | {
      readonly kind: 'image'
      readonly spot: Spot
      readonly url: string
      readonly detail: string | null
    }
  | {
      readonly kind: 'audio'
      readonly spot: Spot
      readonly base64: string
      readonly format: string
    }
  | {
      readonly kind: 'file'
      readonly spot: Spot
      readonly url: string
      readonly filename: string | null
    }

interface ToolCall {
  readonly id: string
  readonly name: string
  readonly args: JsonObject
  /** What Google's models ask back with a call of theirs. */
  readonly thoughtSignature: string | null
}

export type Turn =
  | { readonly role: 'system'; readonly spot: Spot; readonly parts: readonly TextPart[] }
  | { readonly role: 'user'; readonly parts: readonly (TextPart | MediaPart)[] }
  | {
      readonly role: 'assistant'
      readonly parts: readonly TextPart[]
      readonly calls: readonly ToolCall[]
    }
  /** The result of a call, under the name of the tool that was called. */
  | {
      readonly role: 'tool'
      readonly callId: string
      readonly name: string
      readonly parts: readonly TextPart[]
    }

/** Instructions that stand before everything have a place of their own elsewhere. */
export interface Conversation {
  readonly instructions: readonly TextPart[]
  readonly conversation: readonly Turn[]
}

/**
 * @throws `request.untranslatable` for what no other format has: names of participants, stored files;
 * `request.invalid` for what is no message
 */
export function readConversation(messages: JsonValue | undefined, spot: Spot): Conversation {
  const turns = readTurns(messages, spot)
  const instructions: TextPart[] = []
  for (const [index, turn] of turns.entries()) {
    if (turn.role !== 'system') return { instructions, conversation: turns.slice(index) }
    instructions.push(...turn.parts)
  }
  return { instructions, conversation: [] }
}

function readTurns(messages: JsonValue | undefined, spot: Spot): readonly Turn[] {
  const called = new Map<string, string>()
  return listAt(messages, spot).map((message, index) => {
    const turn = readTurn(message, below(spot, index), called)
    if (turn.role === 'assistant') for (const { id, name } of turn.calls) called.set(id, name)
    return turn
  })
}

function readTurn(message: JsonValue, spot: Spot, called: ReadonlyMap<string, string>): Turn {
  const role = kindOf(message, 'role')
  switch (role) {
    case 'system':
    case 'developer': {
      const { content } = objectAt(message, spot, ['role', 'content'])
      return { role: 'system', spot, parts: readTexts(content, below(spot, 'content')) }
    }
    case 'user': {
      const { content } = objectAt(message, spot, ['role', 'content'])
      return { role, parts: readParts(content, below(spot, 'content')) }
    }
    case 'assistant':
      return readAssistant(message, spot)
    case 'tool':
      return readResult(message, spot, called)
    // The form before tools.
    case 'function':
      throw untranslatable(below(spot, 'role'))
    default:
      throw malformed(below(spot, 'role'))
  }
}

function readAssistant(message: JsonValue, spot: Spot): Turn {
  const given = objectAt(message, spot, [
    ...(['role', 'content', 'refusal', 'tool_calls', 'annotations'] as const),
    // What a model thought is taken back by none but with its own signature.
    'reasoning_content',
    'images',
  ])
  for (const name of ['annotations', 'images'] as const) {
    const list = given[name]
    if (Array.isArray(list) ? list.length > 0 : list != null)
      throw untranslatable(below(spot, name))
  }
  maybeTextAt(given.reasoning_content, below(spot, 'reasoning_content'))
  const refusal = maybeTextAt(given.refusal, below(spot, 'refusal'))
  const content = given.content ?? null
  const parts = [
    ...(content === null ? [] : readTexts(content, below(spot, 'content'), ['refusal'])),
    ...(refusal === null ? [] : [{ kind: 'text', text: refusal } as const]),
  ]
  const at = below(spot, 'tool_calls')
  const calls = (given.tool_calls == null ? [] : listAt(given.tool_calls, at)).map((call, index) =>
    readCall(call, below(at, index)),
  )
  if (parts.length === 0 && calls.length === 0) throw malformed(below(spot, 'content'))
  return { role: 'assistant', parts, calls }
}

function readCall(value: JsonValue, spot: Spot): ToolCall {
  // Streams number their calls, and apps that put them together keep the number.
  const call = objectAt(value, spot, ['id', 'type', 'function', 'extra_content', 'index', 'custom'])
  if ((call.type ?? 'function') !== 'function') throw untranslatable(below(spot, 'type'))
  if (call.custom != null) throw untranslatable(below(spot, 'custom'))
  const at = below(spot, 'function')
  const named = objectAt(call.function, at, ['name', 'arguments'])
  const argsSpot = below(at, 'arguments')
  const text = textAt(named.arguments, argsSpot)
  const args = text.trim() === '' ? {} : parseJson(text)
  if (!isJsonObject(args)) throw malformed(argsSpot)
  return {
    id: textAt(call.id, below(spot, 'id')),
    name: textAt(named.name, below(at, 'name')),
    args,
    thoughtSignature: readSignature(call.extra_content, below(spot, 'extra_content')),
  }
}

/** Where Google's own layer for OpenAI's clients keeps it. */
function readSignature(value: JsonValue | undefined, spot: Spot): string | null {
  if (value == null) return null
  const { google } = objectAt(value, spot, ['google'])
  if (google == null) return null
  const at = below(spot, 'google')
  return maybeTextAt(
    objectAt(google, at, ['thought_signature']).thought_signature,
    below(at, 'thought_signature'),
  )
}

function readResult(message: JsonValue, spot: Spot, called: ReadonlyMap<string, string>): Turn {
  const given = objectAt(message, spot, ['role', 'content', 'tool_call_id'])
  const idSpot = below(spot, 'tool_call_id')
  const callId = textAt(given.tool_call_id, idSpot)
  const name = called.get(callId)
  // A result of no call has no label: under a guessed one, a model would read it as another's.
  if (name === undefined) throw malformed(idSpot)
  return { role: 'tool', callId, name, parts: readTexts(given.content, below(spot, 'content')) }
}

function readTexts(
  content: JsonValue | undefined,
  spot: Spot,
  also: readonly 'refusal'[] = [],
): readonly TextPart[] {
  if (typeof content === 'string') return [{ kind: 'text', text: content }]
  return listAt(content, spot).map((value, index) => {
    const at = below(spot, index)
    const type = kindOf(value, 'type')
    const name = also.find((each) => each === type) ?? 'text'
    if (type !== name) throw type === '' ? malformed(at) : untranslatable(below(at, 'type'))
    return {
      kind: 'text',
      text: textAt(objectAt(value, at, ['type', name])[name], below(at, name)),
    }
  })
}

function readParts(content: JsonValue | undefined, spot: Spot): readonly (TextPart | MediaPart)[] {
  if (typeof content === 'string') return [{ kind: 'text', text: content }]
  return listAt(content, spot).map((part, index) => readPart(part, below(spot, index)))
}

function readPart(value: JsonValue, spot: Spot): TextPart | MediaPart {
  const type = kindOf(value, 'type')
  switch (type) {
    case 'text': {
      const { text } = objectAt(value, spot, ['type', 'text'])
      return { kind: 'text', text: textAt(text, below(spot, 'text')) }
    }
    case 'image_url': {
      const at = below(spot, 'image_url')
      const given = objectAt(objectAt(value, spot, ['type', type])[type], at, ['url', 'detail'])
      const detail = maybeTextAt(given.detail, below(at, 'detail'))
      return { kind: 'image', spot: at, url: textAt(given.url, below(at, 'url')), detail }
    }
    case 'input_audio': {
      const at = below(spot, type)
      const given = objectAt(objectAt(value, spot, ['type', type])[type], at, ['data', 'format'])
      const format = textAt(given.format, below(at, 'format'))
      return { kind: 'audio', spot: at, base64: textAt(given.data, below(at, 'data')), format }
    }
    case 'file': {
      const at = below(spot, type)
      // `file_id` names a thing stored with another provider.
      const given = objectAt(objectAt(value, spot, ['type', type])[type], at, [
        'file_data',
        'filename',
      ])
      const filename = maybeTextAt(given.filename, below(at, 'filename'))
      return {
        kind: 'file',
        spot: at,
        url: textAt(given.file_data, below(at, 'file_data')),
        filename,
      }
    }
    default:
      throw type === '' ? malformed(spot) : untranslatable(below(spot, 'type'))
  }
}
