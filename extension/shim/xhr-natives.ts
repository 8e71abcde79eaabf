/** What only the patched `XMLHttpRequest` uses, taken before the page's first script (C45). */
import { encoder, getter, unbound } from './natives.ts'

export const NativeProgress = ProgressEvent
export const NativeDecoder = TextDecoder
export const NativeDocument = Document
export const { parse: parseText } = JSON
export const decode = unbound(TextDecoder.prototype, 'decode') as (
  by: TextDecoder,
  bytes?: Uint8Array,
  options?: TextDecodeOptions,
) => string
export const encode = encoder.encode.bind(encoder)
export const setBytes = unbound(Uint8Array.prototype, 'set') as (
  to: Uint8Array,
  bytes: Uint8Array,
  offset: number,
) => void
export const uploadOf = getter(XMLHttpRequest.prototype, 'upload') as (
  of: XMLHttpRequest,
) => XMLHttpRequestUpload
export const timeoutOf = getter(XMLHttpRequest.prototype, 'timeout') as (
  of: XMLHttpRequest,
) => number
export const responseTypeOf = getter(XMLHttpRequest.prototype, 'responseType') as (
  of: XMLHttpRequest,
) => XMLHttpRequestResponseType
