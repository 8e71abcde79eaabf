/** One pass over a request body: how much of it costs, and what it reaches beyond itself. */
import {
  isJsonObject,
  type Capability,
  type JsonObject,
  type JsonValue,
} from '../../protocol/index.ts'

/** What one pass over a body found. */
export interface Survey {
  textBytes: number
  images: number
  files: number
  readonly needs: Set<Capability>
  unbounded: boolean
}

/** How a format is read. */
export interface SurveyRules {
  /** Members whose value the app shapes itself (schemas, arguments): text, never an instruction. */
  readonly opaque: ReadonlySet<string>
  /** One spelling for each name, where an API takes several. */
  readonly nameOf: (name: string) => string
  /**
   * Looks at one object and notes what it asks for.
   * @returns the members that hold media counted here, which are not text
   */
  readonly inspect: (object: JsonObject, survey: Survey) => readonly string[]
}

/** Reads a body by the rules of its format. */
export function surveyBody(body: JsonObject, rules: SurveyRules): Survey {
  const survey: Survey = { textBytes: 0, images: 0, files: 0, needs: new Set(), unbounded: false }
  walk(body, rules, survey)
  return survey
}

function walk(value: JsonValue, rules: SurveyRules, survey: Survey): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, rules, survey)
    return
  }
  if (!isJsonObject(value)) {
    survey.textBytes += scalarBytes(value)
    return
  }
  const media = rules.inspect(value, survey)
  for (const [name, member] of Object.entries(value)) {
    if (media.includes(name)) continue
    survey.textBytes += utf8Bytes(name)
    if (rules.opaque.has(rules.nameOf(name))) survey.textBytes += bytesOf(member)
    else walk(member, rules, survey)
  }
}

/** UTF-8 bytes of everything in a value, names too: a tool's schema is billed as text. */
function bytesOf(value: JsonValue): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + bytesOf(item), 0)
  if (!isJsonObject(value)) return scalarBytes(value)
  return Object.entries(value).reduce(
    (sum, [name, member]) => sum + utf8Bytes(name) + bytesOf(member),
    0,
  )
}

function scalarBytes(value: null | boolean | number | string): number {
  return typeof value === 'string' ? utf8Bytes(value) : String(value).length
}

/** Counted without a copy: a body may be 64 MiB. */
export function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    const isPair = isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(index + 1))
    // Two units become four bytes; a lone half becomes a replacement character of three.
    bytes += unit < 0x800 ? 1 : 2
    if (isPair) index += 1
  }
  return bytes
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

/** Whether a member says anything: null, empty text and empty lists do not. */
export function isGiven(value: JsonValue | undefined): value is JsonValue {
  if (value === undefined || value === null || value === false || value === '') return false
  return !(Array.isArray(value) && value.length === 0)
}

/** Media given inline, by its type. What is not a picture, sound, film or PDF is billed by its text. */
export function noteInlineMedia(mediaType: string, sizeBytes: number, survey: Survey): void {
  const type = mediaType.toLowerCase()
  if (type.startsWith('image/')) {
    survey.images += 1
    return
  }
  survey.files += 1
  if (!/^(?:audio|video)\/|^application\/pdf/.test(type)) survey.textBytes += sizeBytes
}

/** An address of media: `data:` is inline, anything else the provider fetches itself (C43). */
export function noteMediaUrl(url: string, fallbackType: string, survey: Survey): void {
  const inline = /^data:([^;,]*)/i.exec(url)
  if (inline) {
    noteInlineMedia(
      inline[1] === '' ? fallbackType : (inline[1] ?? fallbackType),
      url.length,
      survey,
    )
    return
  }
  noteInlineMedia(fallbackType, 0, survey)
  survey.needs.add('tools.fetch')
}
