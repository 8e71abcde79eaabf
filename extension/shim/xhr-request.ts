/** A page's XHR as it stood when it was sent, in the form both the wallet and the browser can take. */
import {
  NativeBlob,
  NativeBuffer,
  NativeForm,
  NativeRequest,
  NativeSearch,
  addField,
  eachOf,
  headerIn,
  isView,
  searchText,
  setHeader,
  sizeOf,
  textOf,
} from './natives.ts'
import { fieldsOf, recordOf, standIn, type PageRequest } from './page-request.ts'
import { NativeDocument } from './xhr-natives.ts'

/** What `open` and `setRequestHeader` left. */
export interface XhrParts {
  readonly method: string
  readonly url: string
  readonly headers: Headers
}

export interface XhrRequest extends Pick<PageRequest, 'body' | 'fields'> {
  readonly request: Request
  /** Of the body, as upload events say it; 0: unknown, or there is none. */
  readonly sizeBytes: number
  /** What the browser is given should the wallet pass the request: the same bytes, whatever changed since. */
  readonly nativeBody: XMLHttpRequestBodyInit | null
}

/**
 * C46: takes the request out of the page's hands. Null where `fetch` knows no such request (a user name
 * in the address) or no provider takes it (a document): the browser makes it.
 */
export function takeXhr({ method, url, headers }: XhrParts, given: unknown): XhrRequest | null {
  const own = given instanceof NativeDocument ? undefined : ownBody(given)
  if (own === undefined) return null
  const fields = own instanceof NativeForm ? fieldsOf(own) : null
  try {
    // No body travels with these, and `Request` throws on one.
    const isBodiless = /^(?:get|head)$/i.test(method)
    const body = isBodiless ? null : own
    if (typeof body === 'string') sayUtf8(headers)
    const init = { method, headers: recordOf(headers), body: standIn(body) ?? null }
    const request = new NativeRequest(url, init)
    const nativeBody = fields ? formOf(fields) : own
    return {
      request,
      body,
      fields: isBodiless ? null : fields,
      sizeBytes: sizeOfBody(body),
      nativeBody,
    }
  } catch {
    return null
  }
}

/** A copy of what the page could still change; text is read once. */
function ownBody(given: unknown): XMLHttpRequestBodyInit | null {
  if (given === undefined || given === null) return null
  if (given instanceof NativeBlob || given instanceof NativeForm) return given
  if (given instanceof NativeSearch) return new NativeSearch(searchText(given))
  // Without a type of its own a blob is sent like the buffer it copies.
  if (given instanceof NativeBuffer || isView(given)) return new NativeBlob([given as BlobPart])
  return textOf(given)
}

function formOf(fields: ReturnType<typeof fieldsOf>): FormData {
  const form = new NativeForm()
  eachOf(fields, (field) => {
    if ('text' in field) addField(form, field.name, field.text)
    else addField(form, field.name, field.blob, field.filename)
  })
  return form
}

/** XHR §4.5.6: text goes out in UTF-8, whatever charset the content type names. */
function sayUtf8(headers: Headers): void {
  const type = headerIn(headers, 'content-type')
  const parts = type === null ? null : /^(.*?;\s*charset=)(?:"[^"]*"|[^;]*)(.*)$/i.exec(type)
  if (parts) setHeader(headers, 'content-type', `${parts[1] ?? ''}UTF-8${parts[2] ?? ''}`)
}

function sizeOfBody(body: XMLHttpRequestBodyInit | null): number {
  if (body === null || body instanceof NativeForm) return 0
  if (body instanceof NativeBlob) return sizeOf(body)
  if (body instanceof NativeSearch) return searchText(body).length
  return sizeOf(new NativeBlob([body]))
}
