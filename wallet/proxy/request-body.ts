import {
  BODY_LIMIT_BYTES,
  WalletError,
  parseStrictJsonObject,
  type CallBody,
  type JsonObject,
} from '../protocol/index.ts'
import type { Endpoint } from '../providers/index.ts'

/** The body after parsing: what is judged is what is sent, never the received bytes (C41, C42). */
export type ParsedBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly json: JsonObject }
  | { readonly kind: 'media'; readonly media: Blob; readonly json: JsonObject }
  | { readonly kind: 'form'; readonly form: FormData; readonly json: JsonObject }

/** Names a key travels under in a body; the vault sets its own credential (C34). */
const CREDENTIAL_FIELDS = ['api_key', 'apiKey', 'api-key', 'key', 'access_token']

/**
 * Reads a page's body as the endpoint's kind.
 * @throws `request.too_large`, `request.invalid`
 */
export async function parseBody(
  endpoint: Pick<Endpoint, 'body'>,
  body: CallBody,
  contentType: string,
): Promise<ParsedBody> {
  assertSize(body)
  if (endpoint.body === 'none') {
    if (body.kind !== 'none') throw refused('body')
    return { kind: 'none' }
  }
  if (endpoint.body === 'form') return judgeForm(await formOf(body, contentType))
  if (endpoint.body === 'media' && !/^application\/json\b/i.test(contentType)) {
    return mediaOf(await bytesOf(body), contentType)
  }
  const json = parseStrictJsonObject(await textOf(body))
  for (const name of CREDENTIAL_FIELDS) Reflect.deleteProperty(json, name)
  return { kind: 'json', json }
}

/** A form in its parts keeps its files as they are; one in bytes is read by its own boundary. */
async function formOf(body: CallBody, contentType: string): Promise<FormData> {
  if (body.kind !== 'form') {
    const bytes = await bytesOf(body)
    try {
      return await new Response(bytes, { headers: { 'content-type': contentType } }).formData()
    } catch {
      throw refused('form')
    }
  }
  const form = new FormData()
  for (const field of body.fields) {
    if ('text' in field) form.append(field.name, field.text)
    else form.append(field.name, field.blob, field.filename)
  }
  return form
}

/** A recording goes as it came: its type is one of sound or film, so that no reader takes it for a request. */
function mediaOf(bytes: Uint8Array<ArrayBuffer>, contentType: string): ParsedBody {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (!/^(?:(?:audio|video)\/[a-z0-9.+-]+|application\/octet-stream)?$/.test(type)) {
    throw refused('content type')
  }
  const media = new Blob([bytes], { type: type === '' ? 'application/octet-stream' : type })
  return { kind: 'media', media, json: {} }
}

function judgeForm(form: FormData): ParsedBody {
  const json: JsonObject = {}
  for (const name of CREDENTIAL_FIELDS) form.delete(name)
  for (const [name, value] of form.entries()) {
    // `x[]` is how the providers' APIs spell a list; any other name twice is two requests in one (C42).
    if (!name.endsWith('[]') && form.getAll(name).length > 1) throw refused('repeated field')
    if (name === '__proto__') throw refused('name')
    if (typeof value === 'string') json[name] = value
  }
  return { kind: 'form', form, json }
}

function assertSize(body: CallBody): void {
  if (sizeOf(body) > BODY_LIMIT_BYTES) {
    throw new WalletError('request.too_large', { limitBytes: BODY_LIMIT_BYTES })
  }
}

/** What can be told without reading; a text's own length is bounded by its schema. */
function sizeOf(body: CallBody): number {
  switch (body.kind) {
    case 'none':
    case 'text':
      return 0
    case 'bytes':
      return body.bytes.length
    case 'blob':
      return body.blob.size
    case 'form':
      return body.fields.reduce(
        (sum, field) => sum + ('text' in field ? field.text.length : field.blob.size),
        0,
      )
  }
}

async function textOf(body: CallBody): Promise<string> {
  if (body.kind === 'text') return body.text
  const bytes = await bytesOf(body)
  try {
    // A byte order mark is kept, so that the strict parser refuses it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw refused('utf-8')
  }
}

async function bytesOf(body: CallBody): Promise<Uint8Array<ArrayBuffer>> {
  switch (body.kind) {
    case 'none':
      return new Uint8Array()
    case 'text':
      return new TextEncoder().encode(body.text)
    case 'bytes':
      return new Uint8Array(body.bytes)
    case 'blob':
      return new Uint8Array(await body.blob.arrayBuffer())
    case 'form':
      // Only an endpoint of forms takes one.
      throw refused('body')
  }
}

function refused(reason: string): WalletError {
  return new WalletError('request.invalid', { reason })
}
