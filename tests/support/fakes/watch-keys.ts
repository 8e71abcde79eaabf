import type { ProviderId } from '@valetkey/wallet/protocol'
import { isValetKey } from '@valetkey/wallet/protocol/valet-key'
import { findKey } from '../key-forms.ts'
import type { FrontRequest } from '../tls-front.ts'
import type { ProviderRules } from './provider-rules.ts'

/** The real keys that exist in this test, by provider. */
export type KeyRing = Readonly<Partial<Record<ProviderId, readonly string[]>>>

/** What keys a request carried, and which of that must never happen. */
export interface Sighting {
  /** Valet keys anywhere in it. */
  readonly valetKeys: readonly string[]
  /** One sentence each, without the key itself. */
  readonly violations: readonly string[]
}

/**
 * Looks at one request for any key it should not carry: a real key at another provider's host, at a
 * host of no provider, or at its own provider outside the credential header.
 */
export function watchKeys(
  request: FrontRequest,
  rules: ProviderRules | null,
  keys: KeyRing,
): Sighting {
  const where = `${request.method} https://${request.host}${(request.path.split('?')[0] ?? '').slice(0, 80)}`
  const violations: string[] = []
  for (const [provider, ring] of Object.entries(keys)) {
    for (const [index, key] of ring.entries()) {
      const isOwn = rules?.id === provider
      const place = findIn(request, key, isOwn && rules.readKey(request) === key)
      if (place) violations.push(`real ${provider} key ${index + 1} in ${place} of ${where}`)
    }
  }
  return { valetKeys: findValetKeys(request), violations }
}

const CREDENTIAL_HEADERS = ['authorization', 'x-api-key', 'x-goog-api-key', 'xi-api-key', 'api-key']

function findIn(request: FrontRequest, key: string, isCredential: boolean): string | null {
  if (findKey(Buffer.from(request.path), key)) return 'the URL'
  for (const [name, value] of Object.entries(request.headers)) {
    if (isCredential && CREDENTIAL_HEADERS.includes(name)) continue
    if (findKey(Buffer.from(value, 'latin1'), key)) return `header ${name}`
  }
  return findKey(request.body, key) ? 'the body' : null
}

function findValetKeys(request: FrontRequest): readonly string[] {
  const text = [request.path, ...Object.values(request.headers), request.body.toString('latin1')]
  const words = text.flatMap((part) => part.match(/[A-Za-z0-9_.:-]{20,}/g) ?? [])
  return [...new Set(words.filter(isValetKey))]
}
