/** The fakes' sockets: each handshake authenticated and recorded, each frame answered by a script. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ProviderId } from '@valetkey/wallet/protocol'
import type { FrontRequest } from '../tls-front.ts'
import {
  acceptWebSocket,
  refuseWebSocket,
  type Frame,
  type FrameEnd,
  type ServerSocket,
} from '../web-socket-server.ts'
import { LIVE_SCRIPTS } from './live-scripts.ts'
import { PROVIDER_RULES } from './provider-rules.ts'
import { watchKeys, type KeyRing } from './watch-keys.ts'

/** One handshake a fake got, and what became of it. */
export interface RecordedSocket {
  readonly host: string
  /** Path and query, undecoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Subprotocols that were asked for. */
  readonly protocols: readonly string[]
  readonly provider: ProviderId | null
  /** The registered real key that authenticated it; null: it was refused. */
  readonly key: string | null
  readonly valetKeys: readonly string[]
  /** What the client sent, in order. */
  readonly frames: readonly Frame[]
  /** Null while it is open. */
  readonly end: FrameEnd | null
  readonly socket: ServerSocket | null
}

/** Called with each frame of a client; on its opening with null. */
export type LiveScript = (
  frame: Frame | null,
  socket: ServerSocket,
  recorded: RecordedSocket,
) => void

interface LiveSocketsOptions {
  readonly keys: () => KeyRing
  readonly note: (violation: string) => void
  /** Whether a valet key may reach a provider. */
  readonly valetKeysExpected: () => boolean
}

export class LiveSockets {
  readonly recorded: RecordedSocket[] = []
  readonly #options: LiveSocketsOptions
  #script: LiveScript | null = null

  constructor(options: LiveSocketsOptions) {
    this.#options = options
  }

  /** What answers from now on; null: the provider's usual script. */
  answerBy(script: LiveScript | null): void {
    this.#script = script
  }

  reset(): void {
    this.recorded.length = 0
    this.#script = null
  }

  accept(message: IncomingMessage, line: Duplex): void {
    line.on('error', () => undefined)
    const request = requestOf(message)
    const rules = PROVIDER_RULES.find(({ host }) => host === request.host) ?? null
    const { note, valetKeysExpected } = this.#options
    const keys = this.#options.keys()
    const sighting = watchKeys(request, rules, keys)
    for (const violation of sighting.violations) note(violation)
    if (rules && sighting.valetKeys.length > 0 && !valetKeysExpected()) {
      note(`valet key in the handshake of ${rules.host}`)
    }
    const sent = rules?.readKey(request) ?? null
    const key = rules && sent !== null && (keys[rules.id] ?? []).includes(sent) ? sent : null
    const recorded = {
      ...{ host: request.host, path: request.path, headers: request.headers },
      protocols: (request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/).filter(Boolean),
      ...{ provider: rules?.id ?? null, key, valetKeys: sighting.valetKeys },
      ...{
        frames: [] as Frame[],
        end: null as FrameEnd | null,
        socket: null as ServerSocket | null,
      },
    }
    this.recorded.push(recorded)
    if (!rules || key === null) {
      refuseWebSocket(line, 401)
      return
    }
    const script = this.#script ?? LIVE_SCRIPTS[rules.id] ?? (() => undefined)
    const protocol = recorded.protocols.includes('realtime') ? 'realtime' : null
    const socket = acceptWebSocket(message, line, protocol, {
      onFrame(frame) {
        recorded.frames.push(frame)
        script(frame, socket, recorded)
      },
      onEnd(end) {
        recorded.end = end
      },
    })
    recorded.socket = socket
    script(null, socket, recorded)
  }
}

function requestOf(message: IncomingMessage): FrontRequest {
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
  )
  return {
    method: 'GET',
    host: (message.headers.host ?? '').toLowerCase().replace(/:443$/, ''),
    path: message.url ?? '',
    headers,
    body: Buffer.alloc(0),
  }
}
