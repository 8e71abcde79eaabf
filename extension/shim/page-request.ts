/** A page's request as it stood when `fetch` was called, without using up what the page still needs. */
import type { CallBody, CallStart, FormField } from '@valetkey/wallet/protocol'
import {
  NativeBlob,
  NativeBytes,
  NativeForm,
  NativeProxy,
  NativeRequest,
  NativeStream,
  assign,
  cloneRequest,
  create,
  eachField,
  eachHeader,
  encodeInto,
  nameOfFile,
  readBytes,
  teeStream,
} from './natives.ts'

type FetchInput = RequestInfo | URL
export type Fetch = (input: FetchInput, init?: RequestInit) => Promise<Response>

/** Larger bodies travel by handle: three times as fast, and no message may exceed 64 MiB. */
const BLOB_FROM_LENGTH = 256 * 1024

export interface PageRequest {
  /** Null where the browser itself refuses the request, or its answer could not be read anyway. */
  readonly request: Request | null
  readonly body: BodyInit | null | undefined
  /** The fields of a form as they stood when `fetch` was called; null where the body is none. */
  readonly fields: FormField[] | null
  /** Makes the page's own request, unchanged. */
  readonly sendNative: () => Promise<Response>
}

/** What was read of a page's arguments to find a valet key in them. */
export interface Seen {
  readonly valetKey: string
  readonly input: string | Request
  /** The headers of the init, if it has any that may be read twice. */
  readonly headers: Headers | undefined
  /** The body of the init. */
  readonly body: BodyInit | null | undefined
}

/**
 * C46: takes the request out of the page's hands, here and now. Getters and proxies are asked for each
 * part once, so what the valet key was found in is what is judged and sent.
 * @param send the browser's own `fetch`, bound to what the page called it on
 */
export function takeRequest(
  send: Fetch,
  input: FetchInput,
  init: RequestInit | undefined,
  seen: Seen,
): PageRequest {
  let sendNative = (): Promise<Response> => send(input, init)
  try {
    const { headers, body } = seen
    let taken = readOnce(init, headers ? { headers: recordOf(headers), body } : { body })
    const fields = body instanceof NativeForm ? fieldsOf(body) : null
    if (body instanceof NativeStream) {
      const branches = teeStream(body)
      const spare = readOnce(taken, { body: branches[1] })
      sendNative = () => send(input, spare)
      taken = readOnce(taken, { body: branches[0] })
    } else if (isHeavy(body)) {
      taken = readOnce(taken, { body: standIn(body) })
    } else if ((body === undefined || body === null) && input instanceof NativeRequest) {
      const spare = cloneRequest(input)
      sendNative = () => send(spare, init)
    }
    const request = new NativeRequest(seen.input, taken)
    return { request: request.mode === 'cors' ? request : null, body, fields, sendNative }
  } catch {
    return { request: null, body: null, fields: null, sendNative }
  }
}

/** Whether a request with the body in it would copy what `readBody` takes elsewhere. */
function isHeavy(body: unknown): body is FormData | string {
  return body instanceof NativeForm || (typeof body === 'string' && body.length >= BLOB_FROM_LENGTH)
}

/** What a request is given so that it says the content type; the rest is taken from the body itself. */
export function standIn(body: BodyInit | null | undefined): BodyInit | null | undefined {
  if (!isHeavy(body)) return body
  return typeof body === 'string' ? '' : new NativeForm()
}

/** Members of an init that were read already. */
type Known = { [Name in keyof RequestInit]?: RequestInit[Name] | undefined }

/** An init that asks the page's own for each member once, and has some of them already. */
function readOnce(init: RequestInit | undefined, known: Known): RequestInit | undefined {
  // What is no object is the browser's to refuse, or to take for nothing.
  if (!isObject(init)) return init
  const members = assign(create(null) as Partial<Record<PropertyKey, unknown>>, known)
  return new NativeProxy(create(null) as RequestInit, {
    get(_target, name) {
      if (!(name in members)) members[name] = init[name as keyof RequestInit]
      return members[name]
    },
  })
}

/** C45: the browser reads a `Headers` by an iterator the page may have replaced, a record by itself. */
export function recordOf(headers: Headers): Record<string, string> {
  const record = create(null) as Record<string, string>
  eachHeader(headers, (value, name) => {
    record[name] = value
  })
  return record
}

function isObject(value: unknown): value is object {
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
}

/** The headers as `fetch` would send them, the body's content type included. */
export function headersOf(request: Request): CallStart['headers'] {
  const headers: CallStart['headers'] = []
  eachHeader(request.headers, (value, name) => {
    headers[headers.length] = [name, value]
  })
  return headers
}

/** The body in the form it travels best in; rejects when a stream body fails. */
export async function readBody(
  request: Request,
  { body, fields }: Pick<PageRequest, 'body' | 'fields'>,
): Promise<CallBody> {
  if (fields) return { kind: 'form', fields }
  if (typeof body === 'string') return textBody(body)
  if (body instanceof NativeBlob) return { kind: 'blob', blob: body }
  if (request.method === 'GET' || request.method === 'HEAD') return { kind: 'none' }
  const buffer = await readBytes(request)
  if (buffer.byteLength === 0) return { kind: 'none' }
  if (buffer.byteLength < BLOB_FROM_LENGTH) return { kind: 'bytes', bytes: new NativeBytes(buffer) }
  return { kind: 'blob', blob: new NativeBlob([buffer]) }
}

/** The fields of a form as they stand now. */
export function fieldsOf(form: FormData): FormField[] {
  const fields: FormField[] = []
  eachField(form, (value, name) => {
    fields[fields.length] =
      typeof value === 'string'
        ? { name, text: value }
        : { name, blob: value, filename: nameOfFile(value) }
  })
  return fields
}

function textBody(text: string): CallBody {
  if (text === '') return { kind: 'none' }
  if (text.length < BLOB_FROM_LENGTH) return { kind: 'text', text }
  return { kind: 'blob', blob: blobOfText(text) }
}

/** `Blob` itself encodes a text many times as slowly, all at once takes memory that is slow to get. */
function blobOfText(text: string): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (let at = 0; at < text.length;) {
    const part = new NativeBytes(BLOB_FROM_LENGTH)
    // As many bytes as letters: half of a pair at the end needs more than what is left, so none is parted.
    const { read, written } = encodeInto(text.slice(at, at + BLOB_FROM_LENGTH), part)
    parts[parts.length] = new NativeBytes(part.buffer, 0, written)
    at += read
  }
  return new NativeBlob(parts)
}
