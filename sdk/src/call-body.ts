/** What an app sends, in the form in which it travels best: files by handle, nothing read that need not be. */
import type { CallBody } from '@valetkey/wallet/protocol'

/** Larger bodies go by handle: no message may exceed 64 MiB, and a copy less is faster. */
const HANDLE_FROM_LENGTH = 256 * 1024

type Heavy = string | FormData | Blob

export interface TakenRequest {
  /** Says method, address, headers and signal; a heavy body is not in it. */
  readonly request: Request
  /** Reads the body, once. @throws what a stream of the app's throws */
  readonly readBody: () => Promise<CallBody>
}

/** Takes the arguments of `fetch` as they stand now. @throws TypeError as `fetch` does */
export function takeRequest(input: RequestInfo | URL, init: RequestInit = {}): TakenRequest {
  const { body } = init
  if (isHeavy(body)) {
    const request = new Request(input, { ...init, body: standInFor(body) })
    const taken = body instanceof FormData ? formBody(body) : plainBody(body)
    return { request, readBody: () => Promise.resolve(taken) }
  }
  const request = new Request(input, init)
  return { request, readBody: () => bufferBody(request) }
}

function isHeavy(body: unknown): body is Heavy {
  return typeof body === 'string' || body instanceof FormData || body instanceof Blob
}

/** Something light that makes the browser name the same content type. */
function standInFor(body: Heavy): BodyInit {
  if (typeof body === 'string') return ''
  return body instanceof Blob ? new Blob([], { type: body.type }) : new FormData()
}

function plainBody(body: string | Blob): CallBody {
  if (body instanceof Blob) return { kind: 'blob', blob: body }
  if (body === '') return { kind: 'none' }
  if (body.length < HANDLE_FROM_LENGTH) return { kind: 'text', text: body }
  return { kind: 'blob', blob: new Blob([body]) }
}

function formBody(form: FormData): CallBody {
  const fields = [...form].map(([name, value]) =>
    typeof value === 'string' ? { name, text: value } : { name, blob: value, filename: value.name },
  )
  return { kind: 'form', fields }
}

async function bufferBody(request: Request): Promise<CallBody> {
  const buffer = await request.arrayBuffer()
  if (buffer.byteLength === 0) return { kind: 'none' }
  return buffer.byteLength < HANDLE_FROM_LENGTH
    ? { kind: 'bytes', bytes: new Uint8Array(buffer) }
    : { kind: 'blob', blob: new Blob([buffer]) }
}
