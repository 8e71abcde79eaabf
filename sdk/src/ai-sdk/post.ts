import { APICallError } from '@ai-sdk/provider'
import type { Session } from '../session.ts'

/** As much of a session as a model needs. */
export type ModelSession = Pick<Session, 'fetch' | 'baseURL'>

interface Posted {
  readonly url: string
  readonly body: unknown
  readonly abortSignal?: AbortSignal | undefined
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined
}

/** @throws APICallError with what the wallet or the provider said */
export async function postJson(
  session: ModelSession,
  { url, body, abortSignal, headers }: Posted,
): Promise<Response> {
  return post(
    session,
    {
      url,
      body: JSON.stringify(body),
      abortSignal,
      headers: { 'content-type': 'application/json', ...headers },
    },
    body,
  )
}

interface Raw extends Posted {
  readonly body: BodyInit
}

/** @param values what was asked, for the error to show */
export async function post(
  session: ModelSession,
  { url, body, abortSignal, headers = {} }: Raw,
  values: unknown,
): Promise<Response> {
  const given = Object.entries(headers).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  const reply = await session.fetch(url, {
    ...{ method: 'POST', headers: given, body },
    ...(abortSignal && { signal: abortSignal }),
  })
  if (reply.ok) return reply
  const responseBody = await reply.text()
  throw new APICallError({
    message: messageOf(responseBody) ?? `${String(reply.status)} ${reply.statusText}`.trim(),
    ...{ url, requestBodyValues: values, statusCode: reply.status, responseBody },
    responseHeaders: Object.fromEntries(reply.headers),
    // A refusal of the wallet is the person's word: asking again is a nuisance, or money.
    ...(reply.headers.get('x-should-retry') === 'false' && { isRetryable: false }),
  })
}

function messageOf(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } }
    return typeof error?.message === 'string' ? error.message : undefined
  } catch {
    return undefined
  }
}
