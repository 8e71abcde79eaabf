/** `POST …/responses`: OpenAI's, and Groq's copy of it. */
import type { JsonObject } from '../../protocol/index.ts'
import type { CallFacts, PreparedBody } from '../provider.ts'
import { callFacts } from './call-facts.ts'
import { noteSearchingModel, surveyOpenAiBody } from './openai-survey.ts'
import { limitToAdd, type OutputCap } from './output-caps.ts'
import {
  capTokenLimits,
  lengthOf,
  readFlag,
  readModel,
  readOptionalModel,
  readTokenLimit,
} from './request-fields.ts'

const LIMIT = 'max_output_tokens'

/**
 * `item_reference` is allowed with `chat`: stock SDKs send it for the app's own earlier turns. Its ids
 * are random and told to nobody but the app that made them; every way of listing them is denied (C38).
 */
export function readResponsesFacts(path: string, body: JsonObject): CallFacts {
  const survey = surveyOpenAiBody(body)
  const model = readModel(body)
  noteSearchingModel(model, survey)
  const { input } = body
  return callFacts({
    path,
    survey,
    model,
    stream: readFlag(body, 'stream'),
    outputLimit: readTokenLimit(body, LIMIT),
    messages: Array.isArray(input) ? input.length : 1,
    tools: lengthOf(body['tools']),
  })
}

export function prepareResponses(
  body: JsonObject,
  maxOutputTokens: number,
  caps: readonly OutputCap[],
): PreparedBody {
  const { body: capped, given } = capTokenLimits(body, [LIMIT], maxOutputTokens)
  if (!given) capped[LIMIT] = limitToAdd(readOptionalModel(body) ?? '', caps, maxOutputTokens)
  return { body: capped, usageAddedByUs: false }
}
