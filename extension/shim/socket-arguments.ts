/** What a page gives `send` and `close` of a socket, read and refused as the browser does. */
import { NativeBlob, NativeError, bytesOf, sizeOf, textOf } from './natives.ts'

/** What a frame carries. */
export type FrameData = string | Uint8Array<ArrayBuffer>

const REASON_LIMIT_BYTES = 123

/** What `send` takes, as it stands now: the page may change its buffer afterwards. */
export function dataOf(given: unknown): FrameData | Blob {
  if (typeof given === 'string') return given
  if (given instanceof NativeBlob) return given
  return bytesOf(given) ?? textOf(given)
}

export function bytesIn(data: FrameData | Blob): number {
  return sizeOf(data instanceof NativeBlob ? data : new NativeBlob([data]))
}

/** WebIDL's `[Clamp] unsigned short`. */
export function shortOf(given: unknown): number {
  const number = Number(given)
  if (!(number > 0)) return 0
  return number > 65_535 ? 65_535 : number - (number % 1)
}

/** @throws what `close` throws for a code or a reason no page may give */
export function assertClose(code: number | undefined, reason: string): void {
  if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
    throw new NativeError('WebSocket: a code is 1000, or 3000 to 4999.', 'InvalidAccessError')
  }
  if (bytesIn(reason) > REASON_LIMIT_BYTES) {
    throw new NativeError('WebSocket: a reason has at most 123 bytes.', 'SyntaxError')
  }
}
