/** Puts the reads of a reply into the messages that travel fastest. */
import type { BackgroundMessage } from '@valetkey/wallet/protocol'

/** Where the answers to a page go. */
export interface Outlet {
  readonly post: (message: BackgroundMessage) => void
  /** Every message passes the browser's own process, which copies it and takes its time for each. */
  readonly isDetour: boolean
}

/** A read of this size means that more is waiting; tokens come in smaller ones and are never held. */
const BULK_FROM_BYTES = 16 * 1024
/** From here on bytes go by handle: a port copies them several times, a `Blob` twice. */
const HANDLE_FROM_BYTES = 128 * 1024
const PARCEL_BYTES = 512 * 1024

type Post = (bytes: Uint8Array<ArrayBuffer> | Blob) => void

/** Takes reads in, posts messages. */
export interface Parcels {
  add(part: Uint8Array<ArrayBuffer>): void
  /** Sends what is there. */
  flush(): void
}

/** Packs for a way, so that nothing waits longer than it has to. */
export function createParcels({ isDetour }: Pick<Outlet, 'isDetour'>, post: Post): Parcels {
  if (isDetour) return new Bundles(post)
  return {
    add(part) {
      post(ownBuffer(part))
    },
    flush() {
      // Nothing is kept back.
    },
  }
}

/** A message carries the whole buffer of its bytes: what stands around them was not judged yet. */
function ownBuffer(part: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return part.length === part.buffer.byteLength ? part : part.slice()
}

/** Keeps large reads back until they fill a message or the provider pauses, whatever comes first. */
class Bundles implements Parcels {
  readonly #post: Post
  #parts: Uint8Array<ArrayBuffer>[] = []
  #sizeBytes = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(post: Post) {
    this.#post = post
  }

  add(part: Uint8Array<ArrayBuffer>): void {
    this.#parts.push(part)
    this.#sizeBytes += part.length
    if (part.length < BULK_FROM_BYTES || this.#sizeBytes >= PARCEL_BYTES) this.flush()
    else
      this.#timer ??= setTimeout(() => {
        this.flush()
      }, 0)
  }

  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const parts = this.#parts
    if (parts.length === 0) return
    const sizeBytes = this.#sizeBytes
    this.#parts = []
    this.#sizeBytes = 0
    if (sizeBytes >= HANDLE_FROM_BYTES) {
      this.#post(new Blob(parts))
      return
    }
    for (const part of parts) this.#post(ownBuffer(part))
  }
}
