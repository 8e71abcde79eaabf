import type { LiveSocket, ServerFetch } from '@valetkey/wallet/sync'

/** The way to the sync server: what is asked there is decided in `wallet/sync`. */
export const fetchServer: ServerFetch = (url, init) => fetch(url, init)

/** The socket over which the server tells of news, and passes calls of apps' servers on. */
export function openSocket(url: string, protocol: string): LiveSocket {
  return new WebSocket(url, protocol)
}

/** For a command that looks something up: another process may hold this device's socket, and none holds two. */
export function openNoSocket(): LiveSocket {
  const nothing = (): void => undefined
  return {
    binaryType: 'arraybuffer',
    send: nothing,
    close: nothing,
    onmessage: null,
    onclose: null,
  }
}
