/** What the stand-in of a port with JSON says: one message a call, one for each piece of its answer. */

export interface Asked {
  readonly type: 'ask'
  readonly id: string
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export type Answered =
  | {
      readonly type: 'head'
      readonly id: string
      readonly status: number
      readonly statusText: string
      readonly headers: Readonly<Record<string, string>>
    }
  | { readonly type: 'piece'; readonly id: string; readonly text: string }
  | { readonly type: 'end'; readonly id: string }
  | { readonly type: 'error'; readonly id: string; readonly message: string }
