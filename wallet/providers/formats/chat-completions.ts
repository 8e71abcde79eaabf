/** `POST …/chat/completions` and the older `…/completions`: OpenAI's, and every API that copies them. */
import { isJsonObject, type JsonObject } from '../../protocol/index.ts'
import type { CallFacts, PreparedBody } from '../provider.ts'
import { callFacts } from './call-facts.ts'
import { noteSearchingModel, surveyOpenAiBody } from './openai-survey.ts'
import { limitToAdd, type OutputCap } from './output-caps.ts'
import {
  capTokenLimits,
  lengthOf,
  readChoices,
  readFlag,
  readHighestTokenLimit,
  readModel,
} from './request-fields.ts'

const LIMITS = ['max_completion_tokens', 'max_tokens']
/** What the older API writes where nothing is said. */
const COMPLETION_DEFAULT_TOKENS = 16

export function readChatFacts(path: string, body: JsonObject): CallFacts {
  const survey = surveyOpenAiBody(body)
  const model = readModel(body)
  noteSearchingModel(model, survey)
  return callFacts({
    path,
    survey,
    model,
    stream: readFlag(body, 'stream'),
    outputLimit: readHighestTokenLimit(body, LIMITS),
    choices: readChoices(body, 'n'),
    messages: lengthOf(body['messages']),
    tools: lengthOf(body['tools']) + lengthOf(body['functions']),
  })
}

/** One completion for each prompt of a list, and each `best_of` is billed. */
export function readCompletionFacts(path: string, body: JsonObject): CallFacts {
  const { prompt } = body
  const prompts = Array.isArray(prompt) && typeof prompt[0] !== 'number' ? prompt.length : 1
  const choices = Math.max(readChoices(body, 'n'), readChoices(body, 'best_of'))
  return callFacts({
    path,
    survey: surveyOpenAiBody(body),
    model: readModel(body),
    stream: readFlag(body, 'stream'),
    outputLimit: readHighestTokenLimit(body, LIMITS) ?? COMPLETION_DEFAULT_TOKENS,
    choices: choices * Math.max(1, prompts),
    messages: prompts,
  })
}

export function prepareChat(
  body: JsonObject,
  maxOutputTokens: number,
  caps: readonly OutputCap[],
): PreparedBody {
  const { body: capped, given } = capTokenLimits(body, LIMITS, maxOutputTokens)
  // The newer name: reasoning models refuse `max_tokens`, and no model refuses this one.
  if (!given) capped['max_completion_tokens'] = limitToAdd(readModel(body), caps, maxOutputTokens)
  return withUsage(capped)
}

export function prepareCompletion(body: JsonObject, maxOutputTokens: number): PreparedBody {
  return withUsage(capTokenLimits(body, LIMITS, maxOutputTokens).body)
}

/** A stream reports its usage only when asked to. */
function withUsage(body: JsonObject): PreparedBody {
  if (!readFlag(body, 'stream')) return { body, usageAddedByUs: false }
  const options = body['stream_options']
  const asked = isJsonObject(options) ? options : {}
  if (asked['include_usage'] === true) return { body, usageAddedByUs: false }
  return {
    body: { ...body, stream_options: { ...asked, include_usage: true } },
    usageAddedByUs: true,
  }
}
