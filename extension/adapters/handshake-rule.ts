/**
 * Sets the credential on one WebSocket handshake of our own (interception §1): a session rule, in memory
 * only, for exactly one address, there for no longer than the handshake takes.
 */
import type { OutgoingSocket } from '@valetkey/wallet/proxy'
import { ownHost } from './own-host.ts'

/** Away from the ids of the rules that stay. */
const FIRST_RULE_ID = 100_000

export class HandshakeRules {
  readonly #last = new Map<string, Promise<unknown>>()
  #nextId = FIRST_RULE_ID

  /**
   * Runs a handshake with its rule in place. C115: one at a time for a host, or two apps' keys would mix.
   * @param handshake resolves as soon as it is over, one way or the other
   */
  during(socket: OutgoingSocket, handshake: () => Promise<void>): Promise<void> {
    const { host } = socket.url
    const before = this.#last.get(host) ?? Promise.resolve()
    const turn = before.then(() => this.#withRule(socket, handshake))
    const settled = turn.catch(() => undefined)
    this.#last.set(host, settled)
    return turn
  }

  async #withRule(socket: OutgoingSocket, handshake: () => Promise<void>): Promise<void> {
    const id = this.#nextId++
    await chrome.declarativeNetRequest.updateSessionRules({ addRules: [ruleOf(id, socket)] })
    try {
      await handshake()
    } finally {
      await chrome.declarativeNetRequest.updateSessionRules({ removeRuleIds: [id] })
    }
  }
}

function ruleOf(
  id: number,
  { url, credential }: OutgoingSocket,
): chrome.declarativeNetRequest.Rule {
  return {
    id,
    action: {
      type: 'modifyHeaders',
      requestHeaders: [
        { header: credential.header, operation: 'set', value: credential.value },
        // F7: to the provider the call comes from no page.
        { header: 'origin', operation: 'remove' },
      ],
    },
    condition: {
      // Only what our own pages open; another extension's or a page's socket is not touched.
      initiatorDomains: [ownHost()],
      requestDomains: [url.hostname],
      urlFilter: `|wss://${url.host}${url.pathname}^`,
      isUrlFilterCaseSensitive: true,
      resourceTypes: ['websocket'],
    },
  }
}
