/** Puts the reads of a reply into the messages that travel fastest. */

/** A read of this size means that more is waiting; tokens come in smaller ones and are never held. */
const BULK_FROM_BYTES = 16 * 1024
/** From here on bytes go by handle: a port copies them several times, a `Blob` twice. */
const HANDLE_FROM_BYTES = 128 * 1024
const PARCEL_BYTES = 512 * 1024

/** Keeps large reads back until they fill a message or the provider pauses, whatever comes first. */
export class Parcels {
  readonly #post: (bytes: Uint8Array<ArrayBuffer> | Blob) => void
  #parts: Uint8Array<ArrayBuffer>[] = []
  #sizeBytes = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(post: (bytes: Uint8Array<ArrayBuffer> | Blob) => void) {
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

  /** Sends what is there. */
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
    for (const part of parts)
      this.#post(part.length === part.buffer.byteLength ? part : part.slice())
  }
}
