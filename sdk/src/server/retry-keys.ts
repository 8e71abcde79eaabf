/**
 * Which idempotency key a library's retry belongs to. A library that gives up waiting asks again by itself,
 * with a count in a header and nothing that says which call it means: the same bytes do.
 */
const KEPT = 1000
const KEPT_MS = 10 * 60_000

interface Ended {
  readonly print: string
  readonly key: string
  readonly until: number
}

export class RetryKeys {
  readonly #ended: Ended[] = []

  /** A call that was given up, whose retry may come. */
  put(print: string, key: string): void {
    this.#ended.push({ print, key, until: Date.now() + KEPT_MS })
    if (this.#ended.length > KEPT) this.#ended.shift()
  }

  /** Each key once: of two calls alike that were given up, each retry is one of them. */
  take(print: string): string | undefined {
    const index = this.#ended.findIndex((one) => one.print === print && one.until > Date.now())
    return index === -1 ? undefined : this.#ended.splice(index, 1)[0]?.key
  }
}

/** @param place what the body belongs to: whose call, and where it goes */
export async function printOf(
  place: string,
  contentType: string | null,
  body: ArrayBuffer,
): Promise<string> {
  // A form is written anew for each try, with another boundary of the same length. One mistaken for another
  // of its length is refused by the wallet, which compares what it got under the key.
  if (contentType?.startsWith('multipart/') === true) return `${place} ${String(body.byteLength)}`
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
  return `${place} ${hash.join()}`
}
