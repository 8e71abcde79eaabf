/** What a body of the Gemini API reaches beyond itself. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/index.ts'
import {
  isGiven,
  noteInlineMedia,
  surveyBody,
  type Survey,
  type SurveyRules,
} from '../formats/survey.ts'
import { byCamelCase, camelCase } from './member-names.ts'

/** Names of things stored under the key, where every app on the key could meet them (C38). */
const STORED_MEMBERS = ['cachedContent', 'fileUri', 'gcsUri', 'storageUri', 'outputGcsUri', 'store']
/** The one kind of tool the app runs itself, and the browser it moves itself. */
const APP_TOOLS = new Set(['functionDeclarations', 'computerUse'])
/** Who answers, or at what price, is then not what the grant was asked about. */
const REROUTING_MEMBERS = ['routingConfig', 'modelSelectionConfig']
const TABLE_TIERS = new Set(['unspecified', 'standard', 'flex'])

const RULES: SurveyRules = {
  opaque: new Set([
    'parameters',
    'parametersJsonSchema',
    'response',
    'responseSchema',
    'responseJsonSchema',
    'args',
    'labels',
  ]),
  nameOf: camelCase,
  inspect,
}

export function surveyGeminiBody(body: JsonObject): Survey {
  return surveyBody(body, RULES)
}

/** Imagen's body has instructions where Gemini's has an app's schema. */
export function surveyPredictBody(body: JsonObject): Survey {
  return surveyBody(body, { ...RULES, opaque: new Set() })
}

/** What a model makes by itself, whatever the body says. */
export function noteGeminiModel(model: string, survey: Survey): void {
  if (/-image\b|imagen/.test(model)) survey.needs.add('image')
  if (/-tts\b|native-audio/.test(model)) survey.needs.add('speech')
}

function inspect(object: JsonObject, survey: Survey): readonly string[] {
  const members = byCamelCase(object)
  if (STORED_MEMBERS.some((name) => isGiven(members[name]))) survey.needs.add('stored.ids')
  if (REROUTING_MEMBERS.some((name) => isGiven(members[name]))) survey.unbounded = true
  if (isDearer(members['serviceTier'])) survey.unbounded = true
  // An address in place of an uploaded file: the provider fetches it (C43).
  if (typeof members['fileUri'] === 'string') noteFileUri(members['fileUri'], survey)
  if (isGiven(members['mcpServers'])) noteServerTool('mcpServers', survey)
  noteTools(members['tools'], survey)
  noteModalities(members['responseModalities'], survey)
  return noteInline(object, members, survey)
}

function noteFileUri(uri: string, survey: Survey): void {
  survey.files += 1
  const isStored = /^https:\/\/generativelanguage\.googleapis\.com\/v1[a-z]*\/files\/[a-z0-9-]+$/
  if (!isStored.test(uri)) survey.needs.add('tools.fetch')
}

function noteInline(object: JsonObject, members: JsonObject, survey: Survey): readonly string[] {
  const { mimeType, data, bytesBase64Encoded } = members
  const bytes = typeof mimeType === 'string' && typeof data === 'string' ? data : bytesBase64Encoded
  if (typeof bytes !== 'string') return []
  noteInlineMedia(typeof mimeType === 'string' ? mimeType : 'image/*', bytes.length, survey)
  return Object.keys(object).filter((name) => object[name] === bytes)
}

function noteTools(tools: JsonValue | undefined, survey: Survey): void {
  if (!isGiven(tools)) return
  for (const tool of Array.isArray(tools) ? tools : [tools]) {
    if (!isJsonObject(tool)) continue
    for (const [kind, value] of Object.entries(byCamelCase(tool))) {
      if (value !== null && !APP_TOOLS.has(kind)) noteServerTool(kind, survey)
    }
  }
}

function noteServerTool(kind: string, survey: Survey): void {
  survey.unbounded = true
  survey.needs.add(kind === 'fileSearch' || kind === 'retrieval' ? 'stored.ids' : 'tools.fetch')
}

function noteModalities(modalities: JsonValue | undefined, survey: Survey): void {
  if (!isGiven(modalities)) return
  for (const modality of Array.isArray(modalities) ? modalities : [modalities]) {
    // An enum, by name or number.
    const name = typeof modality === 'string' ? modality.toUpperCase() : modality
    if (name === 'TEXT' || name === 1) continue
    if (name === 'AUDIO' || name === 3) survey.needs.add('speech')
    else if (name === 'IMAGE' || name === 2) survey.needs.add('image')
    else survey.needs.add('video')
  }
}

function isDearer(tier: JsonValue | undefined): boolean {
  return isGiven(tier) && !(typeof tier === 'string' && TABLE_TIERS.has(tier.toLowerCase()))
}
