/** What a case of the standards is, and what its cases share. Runs in a page. */

/** What the server answers: the same bytes to both sides. */
export interface Plan {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Texts, or bytes, each in a write of its own. */
  readonly chunks?: readonly (string | readonly number[])[]
  readonly gapMs?: number
  /** Before the head. */
  readonly delayMs?: number
  /** Ends the connection after the chunks, or before the head. */
  readonly cut?: 'body' | 'head'
  /** Answers with what was asked, as JSON. */
  readonly echo?: true
  readonly redirectTo?: string
}

/** One of the two ways a case is run: through the wallet, or by the browser alone. */
export interface Side {
  /** A valet key; or a key of the same length that is none. */
  readonly key: string
  /** `authorization` with that key. */
  readonly headers: Readonly<Record<string, string>>
  url(plan: Plan): string
  /** The same at another origin, which allows everything. */
  otherUrl(plan: Plan): string
}

export interface ConformanceCase {
  /** Standard and section: `Fetch 5.6`, `XHR 4.5.6`, `Streams 4.2`. */
  readonly section: string
  readonly title: string
  /** All that a page can see, as plain values. */
  readonly run: (side: Side) => unknown
  /** Where ours differs on purpose: why, and what it gives. */
  readonly choice?: { readonly reason: string; readonly ours: unknown }
}

/** A case in which ours differs on purpose. */
export function chosen(one: ConformanceCase, reason: string, ours: unknown): ConformanceCase {
  return { ...one, choice: { reason, ours } }
}

export const JSON_PLAN: Plan = {
  headers: { 'content-type': 'application/json', 'x-served': 'yes' },
  chunks: ['{"a":[1,"ü"]}'],
}
export const TEXT_PLAN: Plan = { headers: { 'content-type': 'text/plain' }, chunks: ['hello'] }
export const STREAM_PLAN: Plan = {
  headers: { 'content-type': 'text/event-stream' },
  chunks: ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n', 'data: [DONE]\n\n'],
  gapMs: 80,
}
/** A stream that does not end while a case looks at it. */
export const ENDLESS_PLAN: Plan = {
  ...STREAM_PLAN,
  chunks: Array<string>(40).fill('data: x\n\n'),
  gapMs: 150,
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** What comes of something that may fail. */
export async function outcomeOf(act: () => unknown): Promise<unknown> {
  try {
    return { value: await act() }
  } catch (error) {
    return { error: nameOf(error) }
  }
}

export function nameOf(error: unknown): unknown {
  if (error instanceof DOMException) return { name: error.name }
  return error instanceof Error ? error.constructor.name : { thrown: error }
}

/** All a page sees of a response but its body. */
export function headOf(response: Response): unknown {
  const { status, statusText, ok, url, type, redirected, bodyUsed, body } = response
  const headers = [...response.headers].filter(([name]) => name !== 'date')
  const hasBody = body !== null
  return { status, statusText, ok, url, type, redirected, bodyUsed, hasBody, headers }
}

export function bytesOf(buffer: ArrayBuffer | Uint8Array): readonly number[] {
  return [...new Uint8Array(buffer)]
}

/** The texts a body is read in, joined: how it is cut is the network's business. */
export async function readAll(response: Response): Promise<string> {
  return new TextDecoder().decode(await new Response(response.body).arrayBuffer())
}

interface Echo {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: readonly number[]
}

/** What of a request reached the server. */
export function seenOf(echo: Echo): unknown {
  const { method, headers, body } = echo
  const type = headers['content-type']?.replace(/boundary=.*/, 'boundary=…')
  const text = new TextDecoder().decode(new Uint8Array(body))
  const own = Object.entries(headers).filter(([name]) => name.startsWith('x-'))
  const accept = headers['accept']
  return { method, type, own, accept, text: text.replaceAll(/-{4,}[-\w]+/g, 'boundary') }
}
