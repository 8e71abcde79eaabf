/** The browser's own permission for the hosts of a provider, asked with its first key. */
import { providerById } from '@valetkey/wallet/providers'
import type { ProviderId } from '@valetkey/wallet/protocol'
import { browser } from '../adapters/browser.ts'
import { sitePattern } from '../adapters/site-pattern.ts'

/** Those whose hosts came with the installation. */
const WITH_INSTALLATION: readonly ProviderId[] = ['openai', 'anthropic', 'google', 'groq']

/** The match patterns a provider's keys need; none where they are held from the start. */
function patternsOf(provider: ProviderId): readonly string[] {
  if (WITH_INSTALLATION.includes(provider)) return []
  const { hosts, keyCheck } = providerById(provider)
  const all = keyCheck.host === undefined ? hosts : [...hosts, keyCheck.host]
  return all.map((host) => `https://${host}/*`)
}

/**
 * Asks for what is still missing. Only within a click: the browser shows its own dialog.
 * @returns false when the person said no
 */
export async function askForHosts(providers: readonly ProviderId[]): Promise<boolean> {
  const origins = [...new Set(providers.flatMap(patternsOf))]
  if (origins.length === 0) return true
  return browser.permissions.request({ origins })
}

/** Whether a provider can be reached without asking. */
export async function holdsHosts(provider: ProviderId): Promise<boolean> {
  const origins = [...patternsOf(provider)]
  return origins.length === 0 || browser.permissions.contains({ origins })
}

/** The same for a server of the person's own: its very origin, port and all (C27). */
export function askForOrigin(origin: string): Promise<boolean> {
  return browser.permissions.request({ origins: [sitePattern(origin)] })
}
