/** A call whose body and headers were made ahead. */
export interface PreparedCall {
  readonly url: string
  readonly init: RequestInit
}
