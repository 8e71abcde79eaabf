/** The keys of an app, as its own site names them: never as the server that relays does (security §4). */
import {
  APP_KEYS_LIMIT_BYTES,
  APP_KEYS_PATH,
  appKeysSchema,
  parseJson,
  type Clock,
} from '../protocol/index.ts'
import { readText, type ServerFetch } from './call-server.ts'

const TIMEOUT_MS = 5_000

/**
 * The Ed25519 keys that are good now, base64url. None where the site names none that can be read: then
 * nothing can be sealed with it.
 * @param origin of the app's pages
 */
export async function fetchAppKeys(
  origin: string,
  { fetch, clock }: { readonly fetch: ServerFetch; readonly clock: Clock },
): Promise<readonly string[]> {
  const text = await read(origin, fetch).catch(() => '')
  const { success, data } = appKeysSchema.safeParse(parseJson(text))
  if (!success || data.origin !== origin) return []
  const now = clock()
  return data.keys.filter(({ notAfter }) => notAfter > now).map(({ ed25519 }) => ed25519)
}

async function read(origin: string, fetch: ServerFetch): Promise<string> {
  const response = await fetch(origin + APP_KEYS_PATH, {
    // C108: what the site points to is not the site.
    redirect: 'error',
    credentials: 'omit',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  return response.ok ? await readText(response, APP_KEYS_LIMIT_BYTES) : ''
}
