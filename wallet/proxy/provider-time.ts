import { isWalletError } from '../protocol/index.ts'
import type { Provider } from '../providers/index.ts'
import type { Forward } from './forward.ts'
import { keyCheckUrl } from './key-check-url.ts'

const ASK_LIMIT_MS = 10_000

/**
 * The time by a provider's clock, from a request without a key: its refusal carries a `Date` too.
 * @returns Unix ms, or null when it did not answer
 */
export async function providerTime(provider: Provider, forward: Forward): Promise<number | null> {
  const url = keyCheckUrl(provider)
  const request = { method: provider.keyCheck.method, url, headers: new Headers(), body: null }
  try {
    const response = await forward(request, AbortSignal.timeout(ASK_LIMIT_MS))
    await response.body?.cancel()
    const time = Date.parse(response.headers.get('date') ?? '')
    return Number.isNaN(time) ? null : time
  } catch (error) {
    if (isWalletError(error)) return null
    throw error
  }
}
