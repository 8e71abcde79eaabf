/** Gemini Live: one JSON object a frame, the model in the first one. */
import { isJsonObject, type JsonObject } from '../../protocol/index.ts'
import { refused } from '../formats/request-fields.ts'
import { createUsageSum } from '../formats/socket-spending.ts'
import { readObject } from '../formats/token-counts.ts'
import type { SocketAsk, SocketEndpoint, SocketSession } from '../socket-endpoint.ts'
import { byCamelCase } from './member-names.ts'
import { surveyGeminiBody } from './survey.ts'
import { readGeminiUsage } from './usage.ts'

export const GOOGLE_SOCKETS: readonly SocketEndpoint[] = [
  {
    name: 'live',
    path: /^\/ws\/google\.ai\.generativelanguage\.v1(?:beta|alpha)?\.GenerativeService\.BidiGenerateContent$/,
    capability: 'realtime',
    // This API knows none.
    protocols: /(?!)/,
    openSession: openLiveSession,
  },
]

function openLiveSession(url: URL): SocketSession {
  for (const name of url.searchParams.keys()) {
    // C31: Google's front end takes a few parameters that change what a request is.
    if (name.startsWith('$')) throw refused('query')
  }
  const sum = createUsageSum()
  let model: string | null = null
  let unknown = false
  let underWay = false
  const readSetup = (setup: JsonObject): SocketAsk => {
    // C40: a second setup would change the model that was judged.
    if (model !== null) throw refused('setup')
    const named = setup['model']
    const plain = typeof named === 'string' ? named.replace(/^models\//, '') : ''
    if (plain === '' || plain.length > 200) throw refused('model')
    model = plain
    return { models: [plain], needs: needsOf(setup) }
  }
  return {
    get model() {
      return model
    },
    fromPage(frame) {
      const members = byCamelCase(frame)
      const { setup } = members
      if (isJsonObject(setup)) return readSetup(byCamelCase(setup))
      if (model === null) throw refused('setup')
      underWay = true
      return { models: [], needs: needsOf(frame) }
    },
    fromProvider(text) {
      const message = readObject(text)
      if (!message) return
      const { serverContent, usageMetadata } = byCamelCase(message)
      if (isJsonObject(serverContent)) {
        underWay = !('turnComplete' in serverContent) && !('interrupted' in serverContent)
      }
      if (usageMetadata !== undefined && !sum.add(readGeminiUsage(usageMetadata))) unknown = true
    },
    spent: () => ({ usage: sum.total(), open: unknown || underWay }),
  }
}

/** Speech is what this API is for; whatever else a frame reaches is asked for by name. */
function needsOf(frame: JsonObject): SocketAsk['needs'] {
  return [...surveyGeminiBody(frame).needs].filter((need) => need !== 'speech')
}
