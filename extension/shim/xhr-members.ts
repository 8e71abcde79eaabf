/** What a page reads of an XHR, and sets on it, while the wallet has its request. */
import { NativeError, textOf } from './natives.ts'
import { HEADERS_RECEIVED, UNSENT, type XhrCall } from './xhr-call.ts'
import { responseTypeOf } from './xhr-natives.ts'

type Readable =
  | 'readyState'
  | 'response'
  | 'responseText'
  | 'responseURL'
  | 'responseXML'
  | 'status'
  | 'statusText'
type Settable = 'responseType' | 'timeout' | 'withCredentials'

const TYPES: Partial<Record<string, true>> = {
  ...{ '': true, text: true, json: true, blob: true, arraybuffer: true, document: true },
}

export const GETTERS: Readonly<Record<Readable, (call: XhrCall, xhr: XMLHttpRequest) => unknown>> =
  {
    readyState: (call) => call.readyState,
    status: (call) => call.reply?.status ?? 0,
    statusText: (call) => call.reply?.statusText ?? '',
    responseURL: (call) => call.url,
    response: (call, xhr) => call.reply?.response ?? (isText(xhr) ? '' : null),
    responseText(call, xhr) {
      if (!isText(xhr)) throw invalidState('responseText is there for text only')
      return call.reply?.text ?? ''
    },
    // A choice: no provider answers with a document, and a strict page forbids to parse one.
    responseXML(_call, xhr) {
      const type = responseTypeOf(xhr)
      if (type === '' || type === 'document') return null
      throw invalidState('responseXML is there for documents only')
    },
  }

/** Each may refuse, sets what the browser keeps, and tells the call. */
export const SETTERS: Readonly<
  Record<Settable, (call: XhrCall, args: unknown[], set: () => unknown) => void>
> = {
  responseType(call, args, set) {
    const type = textOf(args[0])
    if (TYPES[type] && call.readyState > HEADERS_RECEIVED)
      throw invalidState('the reply is being read')
    args[0] = type
    set()
  },
  timeout(call, _args, set) {
    set()
    call.setTimeout()
  },
  withCredentials(call, _args, set) {
    if (call.readyState !== UNSENT) throw invalidState('the request is sent')
    set()
  },
}

/** XHR §4: what is asked of an object in the wrong state. */
export function invalidState(reason: string): DOMException {
  return new NativeError(`XMLHttpRequest: ${reason}.`, 'InvalidStateError')
}

function isText(xhr: XMLHttpRequest): boolean {
  const type = responseTypeOf(xhr)
  return type === '' || type === 'text'
}
