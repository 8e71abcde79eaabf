/** What an app sees when a call is refused: a real response its SDK turns into its own error. */
import { ERROR_TABLE, isWalletError, type WalletError } from '../protocol/index.ts'
import { providerOfHost, type Provider } from '../providers/index.ts'
import { unifiedErrorBody } from '../providers/translate/index.ts'
import type { CallReply } from './call.ts'
import { isUnified } from './is-unified.ts'

/**
 * A refusal as a response in the provider's own error shape, our code inside. `x-should-retry: false`
 * keeps stock SDKs from turning one refusal into three (formats §8).
 */
function refusalReply(error: WalletError, shape: Pick<Provider, 'errorBody'>): CallReply {
  const { message, action, status } = ERROR_TABLE[error.code]
  const body = shape.errorBody({ code: error.code, message: `${message} ${action}`, status })
  const headers: [string, string][] = [
    ['content-type', 'application/json'],
    ['x-should-retry', 'false'],
    ['x-valetkey-error', error.code],
  ]
  return {
    ...{ kind: 'response', status, statusText: '', headers, isRefusal: true },
    body: streamOf(JSON.stringify(body)),
  }
}

/** A refusal of a call to this URL, by a provider that is known or its host's; null: nobody's shape fits. */
export function refuse(
  url: string,
  error: WalletError,
  known: Provider | null = null,
): CallReply | null {
  if (isUnified(url)) {
    return refusalReply(error, {
      errorBody: (refusal) => unifiedErrorBody(refusal, fieldOf(error)),
    })
  }
  const provider = known ?? (URL.canParse(url) ? providerOfHost(new URL(url).hostname) : null)
  return provider && refusalReply(error, provider)
}

/** The part of a request that an error is about; null: it is about the call as a whole. */
function fieldOf(error: WalletError): string | null {
  if (isWalletError(error, 'request.untranslatable')) return error.details?.field ?? null
  if (isWalletError(error, 'request.invalid')) return error.details?.reason ?? null
  return null
}

/** One text as a body. */
export function streamOf(text: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text))
      controller.close()
    },
  })
}
