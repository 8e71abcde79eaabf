/**
 * The browser's XHR as far as the shim leans on it, for Node: states, checks of its own, and a record of
 * what it was made to send. Sets the globals; import it before the shim.
 */

class MemoryProgressEvent extends Event {
  readonly lengthComputable: boolean
  readonly loaded: number
  readonly total: number

  constructor(type: string, init: ProgressEventInit = {}) {
    super(type)
    this.lengthComputable = init.lengthComputable ?? false
    this.loaded = init.loaded ?? 0
    this.total = init.total ?? 0
  }
}

/** What a browser's own XHR was made to send. */
export interface NativeSend {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: unknown
}

export const nativeSends: NativeSend[] = []

interface State {
  readyState: number
  method: string
  url: string
  headers: [string, string][]
  responseType: string
  timeout: number
  withCredentials: boolean
  mime: string | null
  readonly upload: EventTarget
}

const states = new WeakMap<object, State>()

function stateOf(xhr: object): State {
  const state = states.get(xhr)
  if (!state) throw new TypeError('Illegal invocation')
  return state
}

class MemoryXhr extends EventTarget {
  onreadystatechange: ((event: Event) => void) | null = null

  constructor() {
    super()
    const [text, none] = ['', null]
    const upload = new EventTarget()
    states.set(this, {
      ...{ readyState: 0, method: text, url: text, headers: [], responseType: text, mime: none },
      ...{ timeout: 0, withCredentials: false, upload },
    })
  }

  get readyState(): number {
    return stateOf(this).readyState
  }
  get status(): number {
    return stateOf(this).readyState === 4 ? 299 : 0
  }
  get statusText(): string {
    return stateOf(this).readyState === 4 ? 'Native' : ''
  }
  get response(): unknown {
    return this.responseText
  }
  get responseText(): string {
    return stateOf(this).readyState === 4 ? 'native' : ''
  }
  get responseURL(): string {
    return stateOf(this).readyState === 4 ? stateOf(this).url : ''
  }
  get responseXML(): null {
    stateOf(this)
    return null
  }
  get upload(): EventTarget {
    return stateOf(this).upload
  }
  get responseType(): string {
    return stateOf(this).responseType
  }
  set responseType(type: string) {
    stateOf(this).responseType = type
  }
  get timeout(): number {
    return stateOf(this).timeout
  }
  set timeout(timeout: number) {
    stateOf(this).timeout = timeout
  }
  get withCredentials(): boolean {
    return stateOf(this).withCredentials
  }
  set withCredentials(withCredentials: boolean) {
    stateOf(this).withCredentials = withCredentials
  }

  open(method: unknown, url: unknown): void {
    const state = stateOf(this)
    if (method === 'A B') throw new DOMException('bad method', 'SyntaxError')
    const before = state.readyState
    // A browser makes text of what it is given.
    Object.assign(state, { method: String(method), url: String(url), headers: [], readyState: 1 })
    if (before !== 1) this.dispatchEvent(new Event('readystatechange'))
  }
  setRequestHeader(name: unknown, value: unknown): void {
    const state = stateOf(this)
    if (state.readyState !== 1) throw new DOMException('not opened', 'InvalidStateError')
    if (String(name).includes(' ')) throw new DOMException('bad name', 'SyntaxError')
    state.headers.push([String(name), String(value)])
  }
  send(body: unknown = null): void {
    const state = stateOf(this)
    if (state.readyState !== 1) throw new DOMException('not opened', 'InvalidStateError')
    const { method, url, headers } = state
    nativeSends.push({ method, url, headers, body })
    this.dispatchEvent(new MemoryProgressEvent('loadstart'))
    queueMicrotask(() => {
      state.readyState = 4
      this.dispatchEvent(new Event('readystatechange'))
      this.dispatchEvent(new MemoryProgressEvent('load'))
      this.dispatchEvent(new MemoryProgressEvent('loadend'))
    })
  }
  abort(): void {
    stateOf(this).readyState = 0
  }
  overrideMimeType(mime: string): void {
    stateOf(this).mime = mime
  }
  getResponseHeader(name: string): string | null {
    return stateOf(this).readyState === 4 && name === 'x-native' ? 'yes' : null
  }
  getAllResponseHeaders(): string {
    return stateOf(this).readyState === 4 ? 'x-native: yes\r\n' : ''
  }
}

/** Node has none; what is asked is only whether a body is one. */
class MemoryDocument {
  readonly nodeType = 9
}

Object.assign(globalThis, {
  ProgressEvent: MemoryProgressEvent,
  XMLHttpRequest: MemoryXhr,
  Document: MemoryDocument,
})
