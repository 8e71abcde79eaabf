/** A page's request as it stood when `fetch` was called, without using up what the page still needs. */
import type { CallBody, CallStart } from '@valetkey/wallet/protocol'
import {
  NativeBlob,
  NativeRequest,
  NativeSearch,
  NativeStream,
  cloneRequest,
  create,
  eachHeader,
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
    if (body instanceof NativeStream) {
      const branches = body.tee()
      ourInit = withBody(init, branches[0])
      sendNative = () => send(input, withBody(init, branches[1]))
    } else if ((body === undefined || body === null) && input instanceof NativeRequest) {
      const spare = cloneRequest(input)
      sendNative = () => send(spare, init)
    }
    const request = new NativeRequest(input, ourInit)
    return { request: request.mode === 'cors' ? request : null, body, sendNative }
  } catch {
    return { request: null, body: null, sendNative }
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
  body: BodyInit | null | undefined,
): Promise<CallBody> {
  if (typeof body === 'string') return textBody(body)
  if (body instanceof NativeSearch) return textBody(String(body))
  if (body instanceof NativeBlob) return { kind: 'blob', blob: body }
  if (request.method === 'GET' || request.method === 'HEAD') return { kind: 'none' }
  const buffer = await readBytes(request)
  if (buffer.byteLength === 0) return { kind: 'none' }
  if (buffer.byteLength < BLOB_FROM_LENGTH) return { kind: 'bytes', bytes: new Uint8Array(buffer) }
  return { kind: 'blob', blob: new NativeBlob([buffer]) }
}

function textBody(text: string): CallBody {
  if (text === '') return { kind: 'none' }
  if (text.length < BLOB_FROM_LENGTH) return { kind: 'text', text }
  return { kind: 'blob', blob: new NativeBlob([text]) }
}

/** Keeps whatever else the page's init says, getters too. */
function withBody(init: RequestInit | undefined, body: ReadableStream | undefined): RequestInit {
  return create(init ?? null, { body: { value: body } }) as RequestInit
}
