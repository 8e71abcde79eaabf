import { assertType, openSoundSession } from '../formats/sound-session.ts'
import type { SocketEndpoint } from '../socket-endpoint.ts'

/** Deepgram’s live APIs: sound up and text down, or text up and sound down. The model stands in the query. */
export const DEEPGRAM_SOCKETS: readonly SocketEndpoint[] = [
  socket('listen.live', /^\/v1\/listen$/, ['KeepAlive', 'Finalize', 'CloseStream']),
  socket('speak.live', /^\/v1\/speak$/, ['Speak', 'Flush', 'Clear', 'Close']),
]

function socket(name: string, path: RegExp, types: readonly string[]): SocketEndpoint {
  return {
    ...{ name, path, capability: 'realtime', sendsSound: name === 'listen.live' },
    // `token` and the key after it: the key goes in the header.
    protocols: /(?!)/,
    openSession: (url) =>
      openSoundSession(url, {
        modelParam: 'model',
        // C43: results would go to a server of the app's choice.
        refusedParams: ['callback', 'callback_method'],
        judge: (frame) => {
          assertType(frame, types)
        },
      }),
  }
}
