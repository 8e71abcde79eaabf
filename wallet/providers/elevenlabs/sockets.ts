import { assertWithout, openSoundSession } from '../formats/sound-session.ts'
import type { SocketEndpoint } from '../socket-endpoint.ts'

/** Text up, sound down as base64: one JSON object a frame, the model in the query. */
export const ELEVENLABS_SOCKETS: readonly SocketEndpoint[] = [
  {
    name: 'text-to-speech.live',
    path: /^\/v1\/text-to-speech\/[A-Za-z0-9]{1,64}\/(?:multi-)?stream-input$/,
    capability: 'realtime',
    // This API knows none.
    protocols: /(?!)/,
    openSession: (url) =>
      openSoundSession(url, {
        modelParam: 'model_id',
        refusedParams: [],
        judge: (frame) => {
          // A key in a frame is never swapped: the handshake has carried it already. Dictionaries are
          // stored things (C38).
          assertWithout(frame, [
            ...['xi_api_key', 'xi-api-key', 'authorization', 'single_use_token'],
            'pronunciation_dictionary_locators',
          ])
        },
      }),
  },
]
