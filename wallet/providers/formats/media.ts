/** OpenAI's endpoints that make no chat: embeddings, pictures, speech, transcription, moderation. */
import type { JsonObject } from '../../protocol/index.ts'
import type { CallFacts } from '../provider.ts'
import { callFacts } from './call-facts.ts'
import { surveyOpenAiBody } from './openai-survey.ts'
import { isGiven } from './survey.ts'
import {
  lengthOf,
  readChoices,
  readFlag,
  readModel,
  readOptionalModel,
  refused,
} from './request-fields.ts'

/** The file parts of a form are not in its fields: the most the API takes, and the mask. */
const EDIT_IMAGES_MAX = 17

/** What providers call the number of pictures; what is not there is one. */
const PICTURE_COUNTS = ['n', 'samples', 'num_images', 'batch_size']

export function readEmbeddingFacts(path: string, body: JsonObject): CallFacts {
  return callFacts({
    path,
    survey: surveyOpenAiBody(body),
    model: readModel(body),
    outputLimit: 0,
    messages: Math.max(1, lengthOf(body['input'])),
  })
}

/** Documents are billed by the search, which no token counts: the grant asks. */
export function readRerankFacts(path: string, body: JsonObject): CallFacts {
  return callFacts({
    path,
    survey: surveyOpenAiBody(body),
    model: readOptionalModel(body),
    outputLimit: 0,
    messages: 1 + lengthOf(body['documents']),
  })
}

/** The API picks a model where none is named. */
export function readModerationFacts(path: string, body: JsonObject): CallFacts {
  return callFacts({
    path,
    survey: surveyOpenAiBody(body),
    model: readOptionalModel(body),
    outputLimit: 0,
    messages: 1,
  })
}

export function readImageFacts(path: string, body: JsonObject): CallFacts {
  return callFacts({
    path,
    survey: surveyOpenAiBody(body),
    model: readOptionalModel(body),
    stream: readFlag(body, 'stream'),
    outputLimit: null,
    choices: Math.max(...PICTURE_COUNTS.map((name) => readChoices(body, name))),
    messages: 1,
  })
}

export function readImageEditFacts(path: string, fields: JsonObject): CallFacts {
  const survey = surveyOpenAiBody(fields)
  survey.images += EDIT_IMAGES_MAX
  return callFacts({
    path,
    survey,
    model: readOptionalModel(fields),
    stream: readFormFlag(fields, 'stream'),
    outputLimit: null,
    choices: Math.max(...PICTURE_COUNTS.map((name) => readFormCount(fields, name))),
    messages: 1,
  })
}

export function readSpeechFacts(path: string, body: JsonObject): CallFacts {
  return callFacts({
    path,
    survey: surveyOpenAiBody(body),
    model: readModel(body),
    stream: body['stream_format'] === 'sse',
    outputLimit: null,
    messages: 1,
  })
}

/** Voices have no model there. */
export function readXaiSpeechFacts(path: string, body: JsonObject): CallFacts {
  return callFacts({
    path,
    survey: surveyOpenAiBody(body),
    model: readOptionalModel(body),
    outputLimit: null,
    messages: 1,
  })
}

/** The model stands in the path: `…/image_generation/accounts/…/models/…`. */
export function readPathImageFacts(path: string, body: JsonObject): CallFacts {
  return callFacts({
    path,
    survey: surveyOpenAiBody(body),
    model: path.split('/').slice(4).join('/'),
    outputLimit: null,
    messages: 1,
  })
}

export function readTranscriptionFacts(path: string, fields: JsonObject): CallFacts {
  const survey = surveyOpenAiBody(fields)
  survey.files += 1
  // C43: some APIs take the address of a recording in place of the file.
  if (isGiven(fields['url'])) survey.needs.add('tools.fetch')
  // In pieces a recording may be longer than what a model takes at once, and then nothing bounds it.
  if (Object.keys(fields).some((name) => name.startsWith('chunking_strategy'))) {
    survey.unbounded = true
  }
  return callFacts({
    path,
    survey,
    model: readModel(fields),
    stream: readFormFlag(fields, 'stream'),
    outputLimit: null,
    messages: 1,
  })
}

function readFormFlag(fields: JsonObject, name: string): boolean {
  const value = fields[name]
  if (value === undefined || value === 'false') return false
  if (value !== 'true') throw refused(name)
  return true
}

function readFormCount(fields: JsonObject, name: string): number {
  const value = fields[name]
  if (value === undefined) return 1
  if (typeof value !== 'string' || !/^[1-9]\d?$/.test(value)) throw refused(name)
  return Number(value)
}
