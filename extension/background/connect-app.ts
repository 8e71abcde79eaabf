/** The way of an app that asks to be connected: what stands already, else the person's word. */
import {
  WalletError,
  createId,
  type ConnectRequest,
  type ConnectedGrant,
  type Random,
} from '@valetkey/wallet/protocol'
import type { Caller } from '@valetkey/wallet/proxy'
import type { OpenVault } from '@valetkey/wallet/vault'
import type { ConnectWish } from '../adapters/consent-store.ts'
import type { Asking } from './app-requests.ts'
import type { ConnectedApps } from './connected-apps.ts'
import type { Consents } from './consents.ts'
import type { Denials } from './denials.ts'
import type { VaultSession } from './vault-session.ts'

export interface ConnectPorts {
  readonly session: Pick<VaultSession, 'open' | 'openForChore'>
  readonly apps: ConnectedApps
  readonly consents: Pick<Consents, 'ask'>
  readonly denials: Denials
  readonly random: Random
}

/**
 * Connects an app.
 * @throws `grant.missing` where nobody may be asked; `vault.locked` for an app that is connected;
 * `grant.consent_required` for a page the person does not look at; `request.rate_limited` too soon after a
 * no; `grant.denied`, `grant.consent_timeout`
 */
export async function connectApp(
  request: ConnectRequest,
  caller: Caller,
  asking: Asking,
  ports: ConnectPorts,
): Promise<ConnectedGrant> {
  const { session, apps } = ports
  const { origin, incognito } = caller
  // What a person does there leaves nothing behind, so nothing is granted there.
  if (incognito) throw new WalletError('grant.missing')
  // An app that asks again and again must not keep the vault open.
  const vault = await session.openForChore()
  const covering = vault && (await apps.findCovering(vault, origin, request))
  if (covering) return covering
  if (asking.quiet) {
    const isConnected = (await apps.status(caller, vault === null)) === 'locked'
    throw new WalletError(isConnected ? 'vault.locked' : 'grant.missing')
  }
  const open = await askAboutApp({ origin, request }, asking, ports)
  return apps.read(open.vault, origin)
}

/**
 * Asks the person whether an app may have what it wishes; the window that asks writes what they allowed.
 * @returns the open vault, and the question's id
 * @throws `grant.consent_required` for a page the person does not look at; `request.rate_limited` too soon
 * after a no; `grant.denied`, `grant.consent_timeout`
 */
export async function askAboutApp(
  wish: Pick<ConnectWish, 'origin' | 'request' | 'link'>,
  asking: Pick<Asking, 'isShown' | 'signal'>,
  { session, consents, denials, random }: Omit<ConnectPorts, 'apps'>,
): Promise<{ readonly vault: OpenVault; readonly questionId: string }> {
  const { origin } = wish
  // C55: a page in the background opens no window, and a no is not asked about again at once.
  if (!(await asking.isShown())) throw new WalletError('grant.consent_required')
  const retryAfterMs = await denials.wait(origin)
  if (retryAfterMs > 0) throw new WalletError('request.rate_limited', { retryAfterMs })
  const questionId = createId(random)
  const question = { ...wish, kind: 'connect', id: questionId, windowId: null } as const
  const answer = await consents.ask(question, asking.signal)
  // A page that went away took its question back: nobody said no.
  if (!asking.signal.aborted) await denials.note(origin, answer)
  if (answer === 'timeout') throw new WalletError('grant.consent_timeout')
  const vault = answer === 'allow' ? await session.open() : null
  if (!vault) throw new WalletError('grant.denied')
  return { vault, questionId }
}
