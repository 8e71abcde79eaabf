/** APIs that run models of any kind (Replicate, fal): what one is for, and what its input reaches. */
import { isJsonObject, type Capability, type JsonValue } from '../../protocol/index.ts'
import { noteMediaUrl, utf8Bytes, type Survey } from './survey.ts'

/** What a model is for, by its name; anything else makes pictures, as most models there do. */
const KINDS: readonly (readonly [name: RegExp, capability: Capability])[] = [
  [/whisper|transcri|speech-to-text/, 'transcription'],
  [/video|veo|kling|wan-|hailuo|sora|seedance|runway|pixverse/, 'video'],
  [/speech|tts|voice|audio|music|bark|chatterbox|kokoro|lyria/, 'speech'],
  [/embed|bge-|clip-features/, 'embedding'],
  [
    /gpt-(?!image)|llama|claude|gemini|deepseek|mistral|mixtral|qwen(?!-image)|granite|gemma|grok|o[134]-/,
    'chat',
  ],
]

export function capabilityOfModel(model: string | null): Capability {
  return KINDS.find(([name]) => name.test(model ?? ''))?.[1] ?? 'image'
}

/** Billed by the second of a machine or by the piece: nothing here bounds it. */
export function surveyRun(input: JsonValue): Survey {
  const survey: Survey = { textBytes: 0, images: 0, files: 0, needs: new Set(), unbounded: true }
  surveyInput(input, survey)
  return survey
}

/** Any member of an input may be the address of a file, which the model's machine fetches (C43). */
function surveyInput(value: JsonValue, survey: Survey): void {
  if (Array.isArray(value)) for (const item of value) surveyInput(item, survey)
  else if (isJsonObject(value)) for (const item of Object.values(value)) surveyInput(item, survey)
  else if (typeof value !== 'string') return
  else if (/^(?:data:|[a-z][a-z0-9+.-]*:\/\/)/i.test(value)) noteMediaUrl(value, 'image/*', survey)
  else survey.textBytes += utf8Bytes(value)
}
