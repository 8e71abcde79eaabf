import { isJsonObject, type JsonObject } from '../../protocol/index.ts'
import { callFacts } from '../formats/call-facts.ts'
import { surveyOpenAiBody } from '../formats/openai-survey.ts'
import { lengthOf, readModel, refused } from '../formats/request-fields.ts'
import type { CallFacts, PreparedBody } from '../provider.ts'

const NAME = 'num_predict'

/** `POST /api/chat` and `/api/generate`: streamed unless it says not to. */
export function readOllamaFacts(path: string, body: JsonObject): CallFacts {
  const survey = surveyOpenAiBody(body)
  const { messages, images } = body
  const pictures = [body, ...(Array.isArray(messages) ? messages : [])].filter(isJsonObject)
  survey.images += pictures.reduce((sum, each) => sum + lengthOf(each['images']), 0)
  return callFacts({
    ...{ path, survey, model: readModel(body), stream: body['stream'] !== false },
    outputLimit: readLimit(body),
    messages: 1 + lengthOf(messages) + lengthOf(images),
    tools: lengthOf(body['tools']),
  })
}

export function readOllamaEmbedFacts(path: string, body: JsonObject): CallFacts {
  const survey = surveyOpenAiBody(body)
  const messages = Math.max(1, lengthOf(body['input']))
  return callFacts({ path, survey, model: readModel(body), outputLimit: 0, messages })
}

/** What a model is: its licence and template. */
export function readShowFacts(path: string, body: JsonObject): CallFacts {
  const { model, name } = body
  const asked = model ?? name
  if (typeof asked !== 'string') throw refused('model')
  return callFacts({ path, survey: surveyOpenAiBody({}), model: asked, outputLimit: 0 })
}

/** -1 and -2 ask for as much as there is. */
function readLimit(body: JsonObject): number | null {
  const { options } = body
  const limit = isJsonObject(options) ? options[NAME] : undefined
  if (limit === undefined || limit === null) return null
  if (typeof limit !== 'number' || !Number.isSafeInteger(limit)) throw refused(NAME)
  return limit > 0 ? limit : null
}

export function prepareOllama(body: JsonObject, maxOutputTokens: number): PreparedBody {
  const { options } = body
  const asked = readLimit(body) ?? maxOutputTokens
  const capped = {
    ...(isJsonObject(options) ? options : {}),
    [NAME]: Math.min(asked, maxOutputTokens),
  }
  return { body: { ...body, options: capped }, usageAddedByUs: false }
}
