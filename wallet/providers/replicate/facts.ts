import type { JsonObject } from '../../protocol/index.ts'
import { callFacts } from '../formats/call-facts.ts'
import { capabilityOfModel, surveyRun } from '../formats/model-runs.ts'
import { refused } from '../formats/request-fields.ts'
import { isGiven } from '../formats/survey.ts'
import type { CallFacts } from '../provider.ts'

/** `POST /v1/predictions` (the model in `version`) and `/v1/models/OWNER/NAME/predictions`. */
export function readPredictionFacts(path: string, body: JsonObject): CallFacts {
  const model = modelOf(path, body)
  return { ...factsOf(path, body, model), capability: capabilityOfModel(model) }
}

/** C38: a deployment is the account's own: every app on the key could meet it. */
export function readDeploymentFacts(path: string, body: JsonObject): CallFacts {
  const facts = factsOf(path, body, null)
  return { ...facts, needs: [...facts.needs, 'stored.ids'] }
}

function factsOf(path: string, body: JsonObject, model: string | null): CallFacts {
  const survey = surveyRun(body['input'] ?? null)
  // C43: results would go to a server of the app's choice.
  if (isGiven(body['webhook'])) survey.needs.add('tools.fetch')
  return callFacts({ path, survey, model, stream: body['stream'] === true, outputLimit: null })
}

function modelOf(path: string, body: JsonObject): string | null {
  const inPath = /^\/v1\/models\/([^/]+\/[^/]+)\/predictions$/.exec(path)?.[1]
  if (inPath !== undefined) return inPath
  const { version } = body
  if (typeof version !== 'string' || version === '') throw refused('version')
  // `owner/name:hash`, `owner/name`, or a hash alone, which names no model.
  return version.includes('/') ? (version.split(':')[0] ?? null) : null
}
