/** What the page said to each XHR since it opened it. */
import { NativeWeakMap, unbound } from './natives.ts'
import type { XhrCall } from './xhr-call.ts'

export interface Opened {
  readonly method: string
  readonly url: string
  readonly isAsync: boolean
  readonly headers: Headers
  /** What `overrideMimeType` said. */
  mime: string | null
  /** Null while the request is the browser's. */
  call: XhrCall | null
}

type Register = WeakMap<object, Opened | undefined>

const register: Register = new NativeWeakMap()
const get = unbound(NativeWeakMap.prototype, 'get') as (
  of: Register,
  xhr: unknown,
) => Opened | undefined
const set = unbound(NativeWeakMap.prototype, 'set') as (
  of: Register,
  xhr: unknown,
  opened: Opened | undefined,
) => void

export function findOpened(xhr: unknown): Opened | undefined {
  return get(register, xhr)
}

export function keepOpened(xhr: unknown, opened: Opened | undefined): void {
  set(register, xhr, opened)
}
