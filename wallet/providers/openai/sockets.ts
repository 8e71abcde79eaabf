import { openRealtimeSession } from '../formats/realtime-session.ts'
import type { SocketEndpoint } from '../socket-endpoint.ts'

export const OPENAI_SOCKETS: readonly SocketEndpoint[] = [
  {
    name: 'realtime',
    path: /^\/v1\/realtime$/,
    capability: 'realtime',
    // Not openai-organization and -project: C33, an app must not choose who pays.
    protocols: /^(?:realtime|openai-beta\.[\w.-]+|openai-agents-sdk\.[\w.-]+)$/,
    openSession: openRealtimeSession,
  },
]
