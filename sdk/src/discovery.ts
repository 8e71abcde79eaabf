/**
 * How libraries on one page find the same wallet, without a global: events on `window` in the manner of
 * EIP-6963. Whoever wants a wallet dispatches `valetkey:request`; whoever has one answers, then and when it
 * comes later, with `valetkey:announce`.
 */
import type { ConnectOptions } from './connect-options.ts'
import type { Session } from './session.ts'
import { frameInUse, shareFrame } from './wallet-frame.ts'

const REQUEST = 'valetkey:request'
const ANNOUNCE = 'valetkey:announce'

/** A wallet that is there and can be asked. */
export interface AnnouncedWallet {
  readonly info: { readonly name: string; readonly rdns: string }
  connect(options?: ConnectOptions): Promise<Session>
  reconnect(options?: ConnectOptions): Promise<Session | null>
}

interface Announcement extends AnnouncedWallet {
  /** So that a second copy of this package loads no second one. */
  readonly frame: HTMLIFrameElement | null
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
    const detail: Announcement = Object.freeze({ info, connect, reconnect, frame: frameInUse() })
    window.dispatchEvent(new CustomEvent(ANNOUNCE, { detail }))
  }
  window.addEventListener(REQUEST, announce)
  announce()
}

/** Takes over the frame of another copy of this package, if there is one. */
export function findSharedFrame(): void {
  const stop = onWallet((wallet) => {
    const { frame } = wallet as Announcement
    if (frame?.isConnected) shareFrame(frame)
  })
  stop()
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
