/** The header that carries the key, lower-case, and what stands before it. */
export interface KeyHeader {
  readonly header: string
  readonly prefix: string
}
