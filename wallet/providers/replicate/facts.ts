import {
  isJsonObject,
  type Capability,
  type JsonObject,
  type JsonValue,
} from '../../protocol/index.ts'
import { callFacts } from '../formats/call-facts.ts'
import { refused } from '../formats/request-fields.ts'
import { isGiven, noteMediaUrl, utf8Bytes, type Survey } from '../formats/survey.ts'
import type { CallFacts } from '../provider.ts'

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

/** `POST /v1/predictions` (the model in `version`) and `/v1/models/OWNER/NAME/predictions`. */
export function readPredictionFacts(path: string, body: JsonObject): CallFacts {
  const model = modelOf(path, body)
  const capability = KINDS.find(([name]) => name.test(model ?? ''))?.[1] ?? 'image'
  return { ...factsOf(path, body, model), capability }
}

/** C38: a deployment is the account's own: every app on the key could meet it. */
export function readDeploymentFacts(path: string, body: JsonObject): CallFacts {
  const facts = factsOf(path, body, null)
  return { ...facts, needs: [...facts.needs, 'stored.ids'] }
}

function factsOf(path: string, body: JsonObject, model: string | null): CallFacts {
  const survey: Survey = { textBytes: 0, images: 0, files: 0, needs: new Set(), unbounded: true }
  surveyInput(body['input'] ?? null, survey)
  // C43: results would go to a server of the app's choice.
  if (isGiven(body['webhook'])) survey.needs.add('tools.fetch')
  return callFacts({ path, survey, model, stream: body['stream'] === true, outputLimit: null })
}

/** Any member of an input may be the address of a file, which the model's machine fetches (C43). */
function surveyInput(value: JsonValue, survey: Survey): void {
  if (Array.isArray(value)) for (const item of value) surveyInput(item, survey)
  else if (isJsonObject(value)) for (const item of Object.values(value)) surveyInput(item, survey)
  else if (typeof value !== 'string') return
  else if (/^(?:data:|[a-z][a-z0-9+.-]*:\/\/)/i.test(value)) noteMediaUrl(value, 'image/*', survey)
  else survey.textBytes += utf8Bytes(value)
}

function modelOf(path: string, body: JsonObject): string | null {
  const inPath = /^\/v1\/models\/([^/]+\/[^/]+)\/predictions$/.exec(path)?.[1]
  if (inPath !== undefined) return inPath
  const { version } = body
  if (typeof version !== 'string' || version === '') throw refused('version')
  // `owner/name:hash`, `owner/name`, or a hash alone, which names no model.
  return version.includes('/') ? (version.split(':')[0] ?? null) : null
}
