import type { JsonObject } from '../../protocol/index.ts'
import { callFacts } from '../formats/call-facts.ts'
import { surveyOpenAiBody } from '../formats/openai-survey.ts'
import { lengthOf, readFlag, readOptionalModel, readTokenLimit } from '../formats/request-fields.ts'
import { isGiven } from '../formats/survey.ts'
import type { CallFacts } from '../provider.ts'

/** `POST /v1/chat` and `/v2/chat`. The first version picks a model where none is named. */
export function readCohereChatFacts(path: string, body: JsonObject): CallFacts {
  const survey = surveyOpenAiBody(body)
  // C43: web search and the account's own connectors, asked by the provider.
  if (isGiven(body['connectors'])) {
    survey.needs.add('tools.fetch')
    survey.unbounded = true
  }
  // C38: a conversation kept under the key.
  if (isGiven(body['conversation_id'])) survey.needs.add('stored.ids')
  return callFacts({
    path,
    survey,
    model: readOptionalModel(body),
    stream: readFlag(body, 'stream'),
    outputLimit: readTokenLimit(body, 'max_tokens'),
    messages: 1 + lengthOf(body['messages']) + lengthOf(body['chat_history']),
    tools: lengthOf(body['tools']),
  })
}

/** Pictures are given inline, in `images` or among `inputs`. */
export function readCohereEmbedFacts(path: string, body: JsonObject): CallFacts {
  const survey = surveyOpenAiBody(body)
  survey.images += lengthOf(body['images'])
  return callFacts({
    path,
    survey,
    model: readOptionalModel(body),
    outputLimit: 0,
    messages: 1 + lengthOf(body['texts']) + lengthOf(body['inputs']),
  })
}
