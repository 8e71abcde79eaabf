/** What a body of the Messages API reaches beyond itself. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/index.ts'
import {
  isGiven,
  noteInlineMedia,
  surveyBody,
  type Survey,
  type SurveyRules,
} from '../formats/survey.ts'

/** Names of things stored under the key or its account, where other apps could meet them (C38). */
const STORED_MEMBERS = [
  'file_id',
  'container',
  'thread',
  'previous_message_id',
  'user_profile_id',
  'workspace_id',
]
/** Tools the app runs itself, and the free search among its own. Versions follow as dates. */
const APP_TOOLS =
  /^(?:custom$|(?:bash|text_editor|computer|memory|browser_toolset|tool_search_tool)_)/
/** What makes a call dearer than the price table says, or longer than its output limit. */
const DEARER_MEMBERS = ['inference_geo', 'compaction', 'billing_policy', 'fallback_credit_token']

const RULES: SurveyRules = {
  opaque: new Set(['input_schema', 'schema', 'input', 'metadata']),
  nameOf: (name) => name,
  inspect,
}

export function surveyMessagesBody(body: JsonObject): Survey {
  const survey = surveyBody(body, RULES)
  if (DEARER_MEMBERS.some((name) => isGiven(body[name]))) survey.unbounded = true
  if (isGiven(body['speed']) && body['speed'] !== 'standard') survey.unbounded = true
  const tier = body['service_tier']
  if (isGiven(tier) && tier !== 'auto' && tier !== 'standard_only') survey.unbounded = true
  return survey
}

function inspect(object: JsonObject, survey: Survey): readonly string[] {
  if (STORED_MEMBERS.some((name) => isGiven(object[name]))) survey.needs.add('stored.ids')
  if (isGiven(object['mcp_servers'])) noteServerTool(survey)
  noteTools(object['tools'], survey)
  const { type } = object
  // A source by address: the provider fetches it (C43).
  if (type === 'url' && isGiven(object['url'])) survey.needs.add('tools.fetch')
  if (type === 'tool_definition') noteTools([object['tool'] ?? null], survey)
  // An edit of this kind writes a summary beyond the output limit.
  if (typeof type === 'string' && type.startsWith('compact_')) survey.unbounded = true
  return noteInline(object, survey)
}

function noteInline(object: JsonObject, survey: Survey): readonly string[] {
  const { type, media_type: mediaType, data } = object
  if (type !== 'base64' || typeof data !== 'string') return []
  noteInlineMedia(typeof mediaType === 'string' ? mediaType : '', data.length, survey)
  return ['data']
}

function noteTools(tools: JsonValue | undefined, survey: Survey): void {
  if (!Array.isArray(tools)) return
  for (const tool of tools) {
    if (!isJsonObject(tool)) continue
    const type = tool['type'] ?? 'custom'
    if (typeof type === 'string' && APP_TOOLS.test(type)) continue
    noteServerTool(survey)
  }
}

function noteServerTool(survey: Survey): void {
  survey.needs.add('tools.fetch')
  survey.unbounded = true
}
