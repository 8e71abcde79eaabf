import type { Terms } from '@valetkey/wallet/protocol'
import { browser } from '../adapters/browser.ts'
import { socketHosts } from './provider-facts.ts'

/**
 * Asks the browser to let our rule reach the sockets of every provider a site may talk live with. Must
 * run inside the click.
 * @returns whether it does; at once where no terms need it
 */
export function askForSockets(terms: Terms): Promise<boolean> {
  const live = terms.providers.filter(({ capabilities }) => capabilities.includes('realtime'))
  const origins = live
    .flatMap(({ provider }) => socketHosts(provider))
    .map((host) => `wss://${host}/*`)
  if (origins.length === 0) return Promise.resolve(true)
  return browser.permissions.request({ origins })
}
