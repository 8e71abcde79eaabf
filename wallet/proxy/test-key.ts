import { isWalletError, type KeyTest, type ProviderKey } from '../protocol/index.ts'
import type { Provider } from '../providers/index.ts'
import type { Forward } from './forward.ts'
import { keyCheckUrl } from './key-check-url.ts'

const TEST_LIMIT_MS = 15_000
const BODY_LIMIT_CHARACTERS = 4096
/** Names no model: whoever takes the key refuses it, and nothing is made or billed. */
const EMPTY_REQUEST = '{}'

/** Asks a provider whether it takes a key, by its cheapest authenticated call. Costs nothing. */
export async function testKey(
  provider: Provider,
  secret: ProviderKey,
  forward: Forward,
): Promise<KeyTest['outcome']> {
  const headers = new Headers(provider.requiredHeaders)
  headers.set(provider.auth.header, provider.auth.prefix + secret)
  const url = keyCheckUrl(provider)
  const { method, readsReply = false } = provider.keyCheck
  const body = method === 'POST' ? EMPTY_REQUEST : null
  if (body !== null) headers.set('content-type', 'application/json')
  try {
    const response = await forward(
      { method, url, headers, body },
      AbortSignal.timeout(TEST_LIMIT_MS),
    )
    const text =
      response.ok && !readsReply ? '' : (await response.text()).slice(0, BODY_LIMIT_CHARACTERS)
    await response.body?.cancel().catch(() => undefined)
    return provider.judgeKeyCheck(response.status, text)
  } catch (error) {
    if (isWalletError(error)) return 'unreachable'
    throw error
  }
}
