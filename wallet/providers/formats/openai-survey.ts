/** What a body in OpenAI's shapes (chat completions, responses, media) reaches beyond itself. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/index.ts'
import {
  isGiven,
  noteInlineMedia,
  noteMediaUrl,
  surveyBody,
  type Survey,
  type SurveyRules,
} from './survey.ts'

/** Names of things stored under the key, where every app on the key could meet them (C38). */
const STORED_MEMBERS = [
  'store',
  'previous_response_id',
  'previous_interaction_id',
  'conversation',
  'file_id',
  'file_ids',
  'vector_store_id',
  'vector_store_ids',
  'container_id',
  'cached_content',
  'cachedContent',
  'file_uri',
  'fileUri',
]
/** `{id}` under these names a stored thing; as text they are the app's own. */
const NAMED_BY_ID = ['prompt', 'audio', 'voice', 'container']
/** The provider calls other servers for these, and bills by the call (C43). */
const FETCH_MEMBERS = [
  'web_search_options',
  'search_settings',
  'include_domains',
  'exclude_domains',
  'compound_custom',
  'plugins',
  'search_parameters',
  'enable_search',
  'mcp_servers',
  'server_url',
  'webhook',
  'webhook_url',
  'callback_url',
]
const MEDIA_URL_TYPES: readonly (readonly [member: string, type: string])[] = [
  ['image_url', 'image/*'],
  ['video_url', 'video/*'],
  ['audio_url', 'audio/*'],
  ['file_url', 'application/pdf'],
  ['document_url', 'application/pdf'],
]
/** Tools the app runs itself: the model only writes their arguments. */
const APP_TOOLS = new Set([
  'function',
  'custom',
  'namespace',
  'tool_search',
  'local_shell',
  'apply_patch',
  'computer',
  'computer_use_preview',
  // The tool choice of that name repeats a list of tools.
  'allowed_tools',
])
/** Everything else is dearer than the price table knows. */
const TABLE_TIERS = new Set(['auto', 'default', 'standard', 'flex', 'on_demand'])

/** Models that search the web by themselves, whatever the body says. */
const SEARCHING = /-search\b|deep-research|^(?:groq\/)?compound/

const RULES: SurveyRules = {
  opaque: new Set(['parameters', 'schema', 'metadata', 'logit_bias', 'arguments']),
  nameOf: (name) => name,
  inspect,
}

/** Reads any body of OpenAI's APIs and of those that copy them. */
export function surveyOpenAiBody(body: JsonObject): Survey {
  const survey = surveyBody(body, RULES)
  noteOutputKinds(body, survey)
  const tier = body['service_tier']
  if (isGiven(tier) && !(typeof tier === 'string' && TABLE_TIERS.has(tier))) survey.unbounded = true
  // It outlives the request, and so the reservation.
  if (isGiven(body['background'])) survey.unbounded = true
  return survey
}

export function noteSearchingModel(model: string, survey: Survey): void {
  if (SEARCHING.test(model)) noteServerTool(survey)
}

function noteOutputKinds(body: JsonObject, survey: Survey): void {
  const { modalities } = body
  if (!Array.isArray(modalities)) return
  for (const kind of modalities) {
    if (kind === 'audio') survey.needs.add('speech')
    else if (kind !== 'text') survey.needs.add('image')
  }
}

function inspect(object: JsonObject, survey: Survey): readonly string[] {
  if (STORED_MEMBERS.some((name) => isGiven(object[name]))) survey.needs.add('stored.ids')
  if (typeof object['container'] === 'string') survey.needs.add('stored.ids')
  if (NAMED_BY_ID.some((name) => hasId(object[name]))) survey.needs.add('stored.ids')
  if (FETCH_MEMBERS.some((name) => isGiven(object[name]))) noteServerTool(survey)
  noteTools(object['tools'], survey)
  return [...noteUrls(object, survey), ...noteInline(object, survey)]
}

function hasId(value: JsonValue | undefined): boolean {
  return isJsonObject(value) && isGiven(value['id'])
}

function noteUrls(object: JsonObject, survey: Survey): readonly string[] {
  const seen: string[] = []
  for (const [member, type] of MEDIA_URL_TYPES) {
    const value = object[member]
    const url = isJsonObject(value) ? value['url'] : value
    if (typeof url !== 'string') continue
    noteMediaUrl(url, type, survey)
    seen.push(member)
  }
  return seen
}

function noteInline(object: JsonObject, survey: Survey): readonly string[] {
  const { file_data: file, input_audio: audio } = object
  if (typeof file === 'string') {
    const type = /^data:([^;,]+)/i.exec(file)?.[1] ?? 'text/plain'
    noteInlineMedia(type, file.length, survey)
    return ['file_data']
  }
  if (isJsonObject(audio) && typeof audio['data'] === 'string') {
    survey.files += 1
    return ['input_audio']
  }
  if (object['type'] === 'image_generation_call' && typeof object['result'] === 'string') {
    survey.images += 1
    return ['result']
  }
  return []
}

function noteTools(tools: JsonValue | undefined, survey: Survey): void {
  if (!Array.isArray(tools)) return
  for (const tool of tools) {
    const type = isJsonObject(tool) ? tool['type'] : undefined
    // A tool of no type but a name is one the app described; of neither, the provider's own.
    if (!isJsonObject(tool) || (type === undefined && typeof tool['name'] === 'string')) continue
    if (typeof type === 'string' && APP_TOOLS.has(type)) continue
    if (type === 'shell' && isLocal(tool['environment'])) continue
    noteServerTool(survey, type)
  }
}

function isLocal(environment: JsonValue | undefined): boolean {
  return isJsonObject(environment) && environment['type'] === 'local'
}

function noteServerTool(survey: Survey, type?: JsonValue): void {
  survey.unbounded = true
  if (type === 'image_generation') survey.needs.add('image')
  else if (type === 'file_search') survey.needs.add('stored.ids')
  else survey.needs.add('tools.fetch')
}
