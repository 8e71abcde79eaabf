import type { CallFacts, Endpoint, UsageReader } from '../provider.ts'
import type { JsonObject } from '../../protocol/index.ts'
import { refused } from './request-fields.ts'

/** How one endpoint's calls are read. */
export type FactsReader = (path: string, body: JsonObject, url: URL) => CallFacts
/** How one endpoint's replies are read. */
export type UsageReaderFactory = (sent: { readonly usageAddedByUs: boolean }) => UsageReader

/** The entry of an endpoint's name. @throws `TypeError` for an endpoint of another provider */
export function entryOf<T>(table: Readonly<Record<string, T>>, endpoint: Endpoint): T {
  const entry = Object.hasOwn(table, endpoint.name) ? table[endpoint.name] : undefined
  if (entry === undefined) throw new TypeError(`not an endpoint of this provider: ${endpoint.name}`)
  return entry
}

/** @throws `request.invalid` where the endpoint needs a body */
export function readFactsBy(
  table: Readonly<Record<string, FactsReader>>,
  endpoint: Endpoint,
  call: { readonly url: URL; readonly body: JsonObject | null },
): CallFacts {
  const read = entryOf(table, endpoint)
  if ((endpoint.body === 'json' || endpoint.body === 'form') && call.body === null)
    throw refused('body')
  return read(call.url.pathname, call.body ?? {}, call.url)
}
