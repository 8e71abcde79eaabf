import type { Credential } from './call.ts'
import type { ProxyPorts } from './ports.ts'

/** One frame: text, or bytes. */
export type SocketData = string | Uint8Array<ArrayBuffer>

/** How a socket ended, in the words of a `CloseEvent`. */
export interface SocketEnd {
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
}

/** A socket as a page asked for it; every part of it is hostile until admitted. */
export interface PageSocket {
  readonly url: string
  readonly protocols: readonly string[]
  readonly credential: Credential
}

/** A handshake built from validated parts. Its credential goes to `url` and nowhere else. */
export interface OutgoingSocket {
  readonly url: URL
  readonly protocols: readonly string[]
  readonly credential: { readonly header: string; readonly value: string }
}

/** What a socket tells the one who opened it, in the order it happens. `onClose` comes once, and last. */
export interface SocketListener {
  onOpen(head: { readonly protocol: string; readonly extensions: string }): void
  onFrame(data: SocketData): void
  /** The network took that many bytes of what was sent. */
  onSent(bytes: number): void
  onClose(end: SocketEnd): void
}

/** The sending side of a socket; what comes after its end is dropped. */
export interface SocketHandle {
  send(data: SocketData): void
  /** @param code absent: none is named */
  close(code: number | undefined, reason: string): void
}

/** Opens a socket to a provider with a credential no page and no other extension sees. */
export type DialSocket = (socket: OutgoingSocket, listener: SocketListener) => SocketHandle

/** What a socket needs of its surroundings beyond what a call does. */
export interface SocketPorts extends ProxyPorts {
  readonly dial: DialSocket
  /** Whether the browser lets us set the credential of sockets to this host. */
  mayDial(host: string): Promise<boolean>
}
