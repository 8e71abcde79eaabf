/** A page's request as it stood when `fetch` was called, without using up what the page still needs. */
import type { CallBody, CallStart, FormField } from '@valetkey/wallet/protocol'
import {
  NativeBlob,
  NativeForm,
  NativeRequest,
  NativeStream,
  cloneRequest,
  create,
  eachField,
  eachHeader,
  nameOfFile,
  readBytes,
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

/** @param send the browser's own `fetch`, bound to what the page called it on */
export function takeRequest(
  send: Fetch,
  input: FetchInput,
  init: RequestInit | undefined,
): PageRequest {
  let sendNative = (): Promise<Response> => send(input, init)
  let ourInit = init
  try {
    const body = init?.body
    const fields = body instanceof NativeForm ? fieldsOf(body) : null
    if (body instanceof NativeStream) {
      const branches = body.tee()
      ourInit = withBody(init, branches[0])
      sendNative = () => send(input, withBody(init, branches[1]))
    } else if (fields) {
      // Only its headers are asked of the request: a request with the files in it would copy them.
      ourInit = withBody(init, new NativeForm())
    } else if (typeof body === 'string' && body.length >= BLOB_FROM_LENGTH) {
      ourInit = withBody(init, '')
    } else if ((body === undefined || body === null) && input instanceof NativeRequest) {
      const spare = cloneRequest(input)
      sendNative = () => send(spare, init)
    }
    const request = new NativeRequest(input, ourInit)
    return { request: request.mode === 'cors' ? request : null, body, fields, sendNative }
  } catch {
    return { request: null, body: null, fields: null, sendNative }
  }
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
  if (buffer.byteLength < BLOB_FROM_LENGTH) return { kind: 'bytes', bytes: new Uint8Array(buffer) }
  return { kind: 'blob', blob: new NativeBlob([buffer]) }
}

function fieldsOf(form: FormData): FormField[] {
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
  return { kind: 'blob', blob: new NativeBlob([text]) }
}

/** Keeps whatever else the page's init says, getters too. */
function withBody(init: RequestInit | undefined, body: BodyInit | undefined): RequestInit {
  return create(init ?? null, { body: { value: body } }) as RequestInit
}
