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
  readOptionalModel,
} from './request-fields.ts'

/** How an API copies the original. */
export interface ChatHabits {
  /** The name of the output limit it knows. */
  readonly limitName: 'max_tokens' | 'max_completion_tokens'
  /** It reports usage in every stream, and may refuse to be asked to. */
  readonly reportsUnasked?: boolean
}

// The newer name: reasoning models refuse `max_tokens`, and no model of OpenAI's refuses this one.
const ORIGINAL: ChatHabits = { limitName: 'max_completion_tokens' }

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
  habits = ORIGINAL,
): PreparedBody {
  const { body: capped, given } = capTokenLimits(body, LIMITS, maxOutputTokens)
  if (!given)
    capped[habits.limitName] = limitToAdd(readOptionalModel(body) ?? '', caps, maxOutputTokens)
  return withUsage(capped, habits)
}

export function prepareCompletion(
  body: JsonObject,
  maxOutputTokens: number,
  habits = ORIGINAL,
): PreparedBody {
  return withUsage(capTokenLimits(body, LIMITS, maxOutputTokens).body, habits)
}

/** A stream reports its usage only when asked to. */
function withUsage(body: JsonObject, habits: ChatHabits): PreparedBody {
  if (!readFlag(body, 'stream') || habits.reportsUnasked) return { body, usageAddedByUs: false }
  const options = body['stream_options']
  const asked = isJsonObject(options) ? options : {}
  if (asked['include_usage'] === true) return { body, usageAddedByUs: false }
  return {
    body: { ...body, stream_options: { ...asked, include_usage: true } },
    usageAddedByUs: true,
  }
}
