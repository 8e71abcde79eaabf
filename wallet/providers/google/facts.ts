import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/index.ts'
import { callFacts, factsWithoutBody } from '../formats/call-facts.ts'
import { prepareChat, readChatFacts } from '../formats/chat-completions.ts'
import type { FactsReader } from '../formats/endpoint-table.ts'
import { readEmbeddingFacts } from '../formats/media.ts'
import {
  capTokenLimits,
  lengthOf,
  readChoices,
  readTokenLimit,
  refused,
} from '../formats/request-fields.ts'
import type { Survey } from '../formats/survey.ts'
import type { CallFacts, Endpoint, PreparedBody } from '../provider.ts'
import type { GoogleEndpointName } from './endpoints.ts'
import { byCamelCase, spellingOf } from './member-names.ts'
import { noteGeminiModel, surveyGeminiBody, surveyPredictBody } from './survey.ts'

export const GOOGLE_FACTS: Readonly<Record<GoogleEndpointName, FactsReader>> = {
  models: (path, _body, url) => checked(url, factsWithoutBody(path)),
  generateContent: (path, body, url) => checked(url, readContentFacts(path, body)),
  streamGenerateContent: (path, body, url) =>
    checked(url, { ...readContentFacts(path, body), stream: true }),
  countTokens: (path, body, url) =>
    checked(url, { ...readContentFacts(path, body), outputLimit: 0, choices: 1 }),
  embedContent: (path, body, url) => checked(url, readGeminiEmbeddingFacts(path, body)),
  batchEmbedContents: (path, body, url) => checked(url, readGeminiEmbeddingFacts(path, body)),
  predict: (path, body, url) => checked(url, readPredictFacts(path, body)),
  'openai.chat.completions': readCompatibleChatFacts,
  'openai.embeddings': (path, body) => plainModel(readEmbeddingFacts(path, body)),
  'openai.models': factsWithoutBody,
}

/** What Imagen makes where nothing is said. */
const PREDICT_DEFAULT_IMAGES = 4

function readContentFacts(path: string, body: JsonObject): CallFacts {
  const survey = surveyGeminiBody(body)
  const model = modelOfPath(path)
  assertSameModel(body, model)
  noteGeminiModel(model, survey)
  const members = byCamelCase(body)
  const inner = members['generateContentRequest']
  if (isJsonObject(inner)) assertSameModel(inner, model)
  const config = configOf(members)
  return callFacts({
    path,
    survey,
    model,
    outputLimit: readTokenLimit(config, 'maxOutputTokens'),
    choices: readChoices(config, 'candidateCount'),
    messages: Math.max(1, lengthOf(members['contents'])),
    tools: countDeclarations(members['tools']),
  })
}

function readGeminiEmbeddingFacts(path: string, body: JsonObject): CallFacts {
  const model = modelOfPath(path)
  assertSameModel(body, model)
  const { requests } = body
  for (const request of Array.isArray(requests) ? requests : []) {
    if (isJsonObject(request)) assertSameModel(request, model)
  }
  return callFacts({
    path,
    survey: surveyGeminiBody(body),
    model,
    outputLimit: 0,
    messages: Math.max(1, lengthOf(requests)),
  })
}

function readPredictFacts(path: string, body: JsonObject): CallFacts {
  const survey: Survey = surveyPredictBody(body)
  const { parameters, instances } = body
  const asked = isJsonObject(parameters) ? byCamelCase(parameters) : {}
  return callFacts({
    path,
    survey,
    model: modelOfPath(path),
    outputLimit: null,
    choices:
      readChoices(asked, 'sampleCount', PREDICT_DEFAULT_IMAGES) * Math.max(1, lengthOf(instances)),
    messages: 1,
  })
}

function readCompatibleChatFacts(path: string, body: JsonObject): CallFacts {
  const facts = plainModel(readChatFacts(path, body))
  const made: Survey = {
    textBytes: 0,
    images: 0,
    files: 0,
    needs: new Set(facts.needs),
    unbounded: false,
  }
  noteGeminiModel(facts.model ?? '', made)
  return { ...facts, needs: [...made.needs] }
}

/** Both spellings of a name are one model to the grant. */
function plainModel(facts: CallFacts): CallFacts {
  return { ...facts, model: facts.model?.replace(/^models\//, '') ?? null }
}

function modelOfPath(path: string): string {
  const model = /\/models\/([^/:]+):[A-Za-z]+$/.exec(path)?.[1]
  if (model === undefined) throw refused('model')
  return model
}

/** C40: a second model in the body must be the one that was judged. */
function assertSameModel(object: JsonObject, model: string): void {
  const named = object['model']
  if (named === undefined || named === null) return
  if (named !== model && named !== `models/${model}`) throw refused('model')
}

/** C31: Google's front end takes a few parameters that change what a request is. */
function checked(url: URL, facts: CallFacts): CallFacts {
  for (const name of url.searchParams.keys()) {
    if (name.startsWith('$') && name !== '$alt') throw refused('query')
  }
  return facts
}

function configOf(members: JsonObject): JsonObject {
  const config = members['generationConfig']
  return isJsonObject(config) ? byCamelCase(config) : {}
}

function countDeclarations(tools: JsonValue | undefined): number {
  if (!Array.isArray(tools)) return 0
  return tools.reduce((count: number, tool) => {
    const declared = isJsonObject(tool) ? byCamelCase(tool)['functionDeclarations'] : undefined
    return count + Math.max(1, lengthOf(declared))
  }, 0)
}

export function prepareGoogleBody(
  endpoint: Endpoint,
  body: JsonObject,
  maxOutputTokens: number,
): PreparedBody {
  switch (endpoint.name) {
    case 'generateContent':
    case 'streamGenerateContent':
      return { body: withLimit(body, maxOutputTokens), usageAddedByUs: false }
    case 'openai.chat.completions':
      return prepareChat(body, maxOutputTokens, [])
    default:
      return { body, usageAddedByUs: false }
  }
}

function withLimit(body: JsonObject, maxOutputTokens: number): JsonObject {
  const configName = spellingOf(body, 'generationConfig')
  const config = body[configName]
  const asked = isJsonObject(config) ? config : {}
  const limitName = spellingOf(asked, 'maxOutputTokens')
  const { body: capped, given } = capTokenLimits(asked, [limitName], maxOutputTokens)
  if (!given) capped[limitName] = maxOutputTokens
  return { ...body, [configName]: capped }
}
