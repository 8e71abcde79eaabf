import type { KeyPrice, ProviderId, ProviderKey, RecordFields } from '../protocol/index.ts'

/** A provider key opened for one call. */
export interface OpenedProviderKey {
  readonly secret: ProviderKey
  readonly provider: ProviderId
  readonly baseUrl: string | null
  /** Put away by the person: no grant may use it. */
  readonly archived: boolean
  /** What the person says its models cost; absent: nothing is said. */
  readonly prices?: readonly KeyPrice[] | undefined
}

/** What a call needs of a key's record. */
export function openedKey(fields: RecordFields<'key'>): OpenedProviderKey {
  const { secret, provider, baseUrl, archived, prices } = fields
  return { secret: secret as ProviderKey, provider, baseUrl, archived, prices }
}
