import type { Capability, ProviderId } from '../protocol/index.ts'
import { providerById } from './catalogue.ts'

/** Whether a provider can do a thing at all. */
export function offers(provider: ProviderId, capability: Capability): boolean {
  const { endpoints, sockets = [] } = providerById(provider)
  return [...endpoints, ...sockets].some((each) => each.capability === capability)
}
