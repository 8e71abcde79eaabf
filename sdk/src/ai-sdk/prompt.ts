/** A prompt of the AI SDK as the messages of a chat completion. What the format cannot hold is an error. */
import {
  UnsupportedFunctionalityError,
  type LanguageModelV4FilePart,
  type LanguageModelV4Message,
  type LanguageModelV4Prompt,
  type LanguageModelV4ToolResultOutput,
  type SharedV4Warning,
} from '@ai-sdk/provider'
import type { ChatMessage } from '../chat.ts'

export interface ReadPrompt {
  readonly messages: ChatMessage[]
  readonly warnings: SharedV4Warning[]
}

/** @throws UnsupportedFunctionalityError */
export function readPrompt(prompt: LanguageModelV4Prompt): ReadPrompt {
  const warnings: SharedV4Warning[] = []
  return { messages: prompt.flatMap((message) => messagesOf(message, warnings)), warnings }
}

type Message<R extends LanguageModelV4Message['role']> = Extract<
  LanguageModelV4Message,
  { role: R }
>

function messagesOf(message: LanguageModelV4Message, warnings: SharedV4Warning[]): ChatMessage[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.content }]
    case 'user':
      return [
        {
          role: 'user',
          content: message.content.map((part) =>
            part.type === 'text' ? textOf(part.text) : fileOf(part),
          ),
        },
      ]
    case 'assistant':
      return [assistantOf(message, warnings)]
    case 'tool':
      return message.content.map((part) => {
        if (part.type !== 'tool-result') throw unsupported('tool approvals')
        return { role: 'tool', tool_call_id: part.toolCallId, content: resultOf(part.output) }
      })
  }
}

function assistantOf({ content }: Message<'assistant'>, warnings: SharedV4Warning[]): ChatMessage {
  let text = ''
  const calls: object[] = []
  for (const part of content) {
    if (part.type === 'text') text += part.text
    else if (part.type === 'tool-call') {
      const called = { name: part.toolName, arguments: JSON.stringify(part.input ?? {}) }
      calls.push({ id: part.toolCallId, type: 'function', function: called })
    } else if (part.type === 'reasoning') {
      // Providers take their own thoughts back only signed, in forms of their own.
      warnings.push({ type: 'unsupported', feature: 'reasoning of earlier turns' })
    } else throw unsupported(`${part.type} in an answer`)
  }
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...(calls.length > 0 && { tool_calls: calls }),
  }
}

function textOf(text: string): object {
  return { type: 'text', text }
}

const AUDIO: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
}

function fileOf({ data, mediaType, filename }: LanguageModelV4FilePart): object {
  if (data.type === 'text') return textOf(data.text)
  if (data.type === 'reference') throw unsupported('files kept at a provider')
  if (mediaType.startsWith('image/')) {
    const type = mediaType === 'image/*' ? 'image/jpeg' : mediaType
    const url = data.type === 'url' ? data.url.href : dataUrl(type, data.data)
    return { type: 'image_url', image_url: { url } }
  }
  if (data.type === 'url') throw unsupported(`${mediaType} by address`)
  const format = AUDIO[mediaType]
  if (format !== undefined) {
    return { type: 'input_audio', input_audio: { data: base64Of(data.data), format } }
  }
  const file = {
    file_data: dataUrl(mediaType, data.data),
    ...(filename !== undefined && { filename }),
  }
  return { type: 'file', file }
}

function dataUrl(mediaType: string, data: Uint8Array | string): string {
  return `data:${mediaType};base64,${base64Of(data)}`
}

function base64Of(data: Uint8Array | string): string {
  if (typeof data === 'string') return data
  let binary = ''
  // In parts: a call takes no more arguments than the stack holds.
  for (let at = 0; at < data.length; at += 32_768) {
    binary += String.fromCharCode(...data.subarray(at, at + 32_768))
  }
  return btoa(binary)
}

function resultOf(output: LanguageModelV4ToolResultOutput): string {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value
    case 'execution-denied':
      return output.reason ?? 'The person did not allow this.'
    case 'json':
    case 'error-json':
      return JSON.stringify(output.value)
    case 'content':
      return output.value
        .map((part) => {
          if (part.type !== 'text') throw unsupported(`${part.type} in a tool's result`)
          return part.text
        })
        .join('\n')
  }
}

export function unsupported(functionality: string): UnsupportedFunctionalityError {
  return new UnsupportedFunctionalityError({ functionality })
}
