import { openChannel, type Channel } from './channel.ts'
import type { ConnectOptions } from './connect-options.ts'
import { requestOf } from './connect-request.ts'
import { offerDiscovery } from './discovery.ts'
import type { Session } from './session.ts'
import { WalletSession } from './wallet-session.ts'
import { isValetKeyError } from './valet-key-error.ts'

/**
 * Connects this app with the person's wallet: a window of the extension asks them, unless they allowed all
 * of it before. Call it from a click.
 * @throws ValetKeyError `wallet.not_installed`, `grant.denied`, `grant.consent_timeout`,
 * `grant.consent_required` (the page is in the background), `request.rate_limited` (too soon after a no),
 * `request.unsupported` (in a frame)
 */
export function connect(options: ConnectOptions = {}): Promise<Session> {
  return ask(options, false)
}

/**
 * The session of a person who comes back: nobody is asked, nothing is shown.
 * @returns null where there is nothing to go on with, or the wallet is locked: offer to connect
 */
export async function reconnect(options: ConnectOptions = {}): Promise<Session | null> {
  try {
    return await ask(options, true)
  } catch (error) {
    const isNothing = NOTHING.some((code) => isValetKeyError(error, code))
    if (isNothing) return null
    throw error
  }
}

const NOTHING = ['wallet.not_installed', 'grant.missing', 'vault.locked'] as const

/** How this app stands with the person's wallet. */
export type WalletState = 'not-installed' | 'not-connected' | 'locked' | 'paused' | 'connected'

/** Whether the extension is there, and how this app stands with it. Asks nobody. @throws ValetKeyError in a frame */
export async function walletState(): Promise<WalletState> {
  try {
    const status = await (await channel()).status()
    return STATES[status]
  } catch (error) {
    if (isValetKeyError(error, 'wallet.not_installed')) return 'not-installed'
    throw error
  }
}

const STATES = {
  on: 'connected',
  paused: 'paused',
  locked: 'locked',
  none: 'not-connected',
} as const

async function ask(options: ConnectOptions, quiet: boolean): Promise<Session> {
  const request = requestOf(options)
  const opened = await channel()
  const { grant } = await opened.ask({ type: 'connect', request, quiet }, 'connected')
  return new WalletSession(opened, grant)
}

async function channel(): Promise<Channel> {
  const opened = await openChannel()
  offerDiscovery({ connect, reconnect })
  return opened
}
