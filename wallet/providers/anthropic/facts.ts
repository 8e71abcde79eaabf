import { isJsonObject, type JsonObject } from '../../protocol/index.ts'
import { callFacts, factsWithoutBody } from '../formats/call-facts.ts'
import { prepareChat, readChatFacts } from '../formats/chat-completions.ts'
import type { FactsReader } from '../formats/endpoint-table.ts'
import { limitToAdd, type OutputCap } from '../formats/output-caps.ts'
import {
  capTokenLimits,
  lengthOf,
  readFlag,
  readModel,
  readTokenLimit,
  refused,
} from '../formats/request-fields.ts'
import { isGiven } from '../formats/survey.ts'
import type { CallFacts, Endpoint, PreparedBody } from '../provider.ts'
import type { AnthropicEndpointName } from './endpoints.ts'
import { surveyMessagesBody } from './survey.ts'

export const ANTHROPIC_FACTS: Readonly<Record<AnthropicEndpointName, FactsReader>> = {
  models: factsWithoutBody,
  messages: readMessagesFacts,
  'messages.count_tokens': (path, body) => ({ ...readMessagesFacts(path, body), outputLimit: 0 }),
  complete: readCompleteFacts,
  'chat.completions': readChatFacts,
}

/** Models that answer a higher limit with an error. */
const OUTPUT_CAPS: readonly OutputCap[] = [
  { model: /^claude-3-(?:haiku|opus|sonnet)|^claude-2/, tokens: 4096 },
  { model: /^claude-3-5-/, tokens: 8192 },
]

/** `POST …/messages`, Anthropic's and every copy of it. */
export function readMessagesFacts(path: string, body: JsonObject): CallFacts {
  // C40: another model would answer than the one the grant was asked about.
  if (isGiven(body['fallbacks'])) throw refused('fallbacks')
  return callFacts({
    path,
    survey: surveyMessagesBody(body),
    model: readModel(body),
    stream: readFlag(body, 'stream'),
    outputLimit: readTokenLimit(body, 'max_tokens'),
    messages: lengthOf(body['messages']),
    tools: lengthOf(body['tools']),
  })
}

function readCompleteFacts(path: string, body: JsonObject): CallFacts {
  return callFacts({
    path,
    survey: surveyMessagesBody(body),
    model: readModel(body),
    stream: readFlag(body, 'stream'),
    outputLimit: readTokenLimit(body, 'max_tokens_to_sample'),
    messages: 1,
  })
}

export function prepareAnthropicBody(
  endpoint: Endpoint,
  body: JsonObject,
  maxOutputTokens: number,
): PreparedBody {
  switch (endpoint.name) {
    case 'messages':
      return { body: prepareMessages(body, maxOutputTokens), usageAddedByUs: false }
    case 'complete':
      return {
        body: withLimit(body, 'max_tokens_to_sample', maxOutputTokens),
        usageAddedByUs: false,
      }
    case 'chat.completions':
      return prepareChat(body, maxOutputTokens, OUTPUT_CAPS)
    default:
      return { body, usageAddedByUs: false }
  }
}

export function prepareMessages(body: JsonObject, maxOutputTokens: number): JsonObject {
  const limited = withLimit(body, 'max_tokens', maxOutputTokens)
  const { thinking } = limited
  const asked = isJsonObject(thinking) ? readTokenLimit(thinking, 'budget_tokens') : null
  // The API refuses a thinking budget that does not fit below `max_tokens`.
  if (!isJsonObject(thinking) || asked === null || asked < maxOutputTokens) return limited
  return { ...limited, thinking: { ...thinking, budget_tokens: maxOutputTokens - 1 } }
}

function withLimit(body: JsonObject, name: string, maxOutputTokens: number): JsonObject {
  const { body: capped, given } = capTokenLimits(body, [name], maxOutputTokens)
  if (!given) capped[name] = limitToAdd(readModel(body), OUTPUT_CAPS, maxOutputTokens)
  return capped
}
