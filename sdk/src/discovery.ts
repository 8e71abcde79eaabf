/**
 * How libraries on one page find the same wallet, without a global: events on `window` in the manner of
 * EIP-6963. Whoever wants a wallet dispatches `valetkey:request`; whoever has one answers, then and when it
 * comes later, with `valetkey:announce`.
 */
import type { ConnectOptions } from './connect-options.ts'
import type { Session } from './session.ts'

const REQUEST = 'valetkey:request'
const ANNOUNCE = 'valetkey:announce'

/** A wallet that is there and can be asked. */
export interface AnnouncedWallet {
  readonly info: { readonly name: string; readonly rdns: string }
  connect(options?: ConnectOptions): Promise<Session>
  reconnect(options?: ConnectOptions): Promise<Session | null>
}

let announce: (() => void) | null = null

/** The wallet answered: from now on everybody who asks is told, and now those who asked before. */
export function offerDiscovery({
  connect,
  reconnect,
}: Pick<AnnouncedWallet, 'connect' | 'reconnect'>): void {
  if (announce) return
  const info = { name: 'ValetKey', rdns: 'example.valetkey' }
  announce = () => {
    const detail: AnnouncedWallet = Object.freeze({ info, connect, reconnect })
    window.dispatchEvent(new CustomEvent(ANNOUNCE, { detail }))
  }
  window.addEventListener(REQUEST, announce)
  announce()
}

/**
 * Hears of the wallet of this page: at once if it is known, else when it answers somebody.
 * @returns stops it
 */
export function onWallet(listener: (wallet: AnnouncedWallet) => void): () => void {
  const hear = (event: Event): void => {
    if (event instanceof CustomEvent) listener(event.detail as AnnouncedWallet)
  }
  window.addEventListener(ANNOUNCE, hear)
  window.dispatchEvent(new Event(REQUEST))
  return () => {
    window.removeEventListener(ANNOUNCE, hear)
  }
}
