/** Which provider's address a local one stands for. */
import {
  PROVIDER_IDS,
  UNIFIED_ORIGIN,
  isJsonObject,
  parseJson,
  type ProviderId,
} from '@valetkey/wallet/protocol'
import { providerById } from '@valetkey/wallet/providers'

const OPENAI = 'https://api.openai.com'
const ANTHROPIC = 'https://api.anthropic.com'
/** The one path at which a model says whose it is. */
const UNIFIED_CHAT = /^\/v1\/chat\/completions$/

/** What a request asks for. */
export interface LocalRequest {
  /** As it was sent: path and query. */
  readonly target: string
  readonly isAnthropic: boolean
  /** Of the body, where there is one. */
  readonly model: string | null
}

/**
 * The address of the provider; null: there is none under this path.
 *
 * `/v1/…` is OpenAI's, or Anthropic's where its client asks; a chat with a model `PROVIDER/NAME` is any
 * provider's. `/PROVIDER/…` is that provider's own API, as under its own host.
 */
export function addressOf({ target, isAnthropic, model }: LocalRequest): string | null {
  if (!target.startsWith('/')) return null
  const [path = ''] = target.split('?')
  if (isBelow(path, 'v1')) {
    if (UNIFIED_CHAT.test(path) && model !== null && namesProvider(model)) {
      return UNIFIED_ORIGIN + target
    }
    return (isAnthropic || isBelow(path, 'v1/messages') ? ANTHROPIC : OPENAI) + target
  }
  const provider = PROVIDER_IDS.find((id) => isBelow(path, id))
  return provider === undefined ? null : below(provider, target.slice(provider.length + 1))
}

/** The model a body asks for; null where it names none. */
export function modelOf(bodyText: string): string | null {
  const body = parseJson(bodyText)
  const model = isJsonObject(body) ? body['model'] : null
  return typeof model === 'string' ? model : null
}

function below(provider: ProviderId, rest: string): string | null {
  const [host] = providerById(provider).hosts
  return host === undefined ? null : `https://${host}${rest}`
}

function isBelow(path: string, start: string): boolean {
  return path === `/${start}` || path.startsWith(`/${start}/`)
}

function namesProvider(model: string): boolean {
  return PROVIDER_IDS.some((id) => model.startsWith(`${id}/`))
}
