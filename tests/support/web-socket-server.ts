/** The server's side of RFC 6455, as much of it as the fakes need: no extensions, messages in one piece. */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const CONTINUATION = 0
const TEXT = 1
const BINARY = 2
const CLOSE = 8
const PING = 9
const PONG = 10

export type Frame = string | Buffer

/** How the other side ended it: 1005 where it named no code, 1006 where the line just broke. */
export interface FrameEnd {
  readonly code: number
  readonly reason: string
}

export interface ServerSocket {
  send(frame: Frame): void
  close(code?: number, reason?: string): void
  /** Breaks the line, without a word. */
  cut(): void
}

export interface SocketEars {
  onFrame(frame: Frame): void
  onEnd(end: FrameEnd): void
}

/** Answers an opening handshake. @param protocol the subprotocol that is chosen; null: none */
export function acceptWebSocket(
  request: IncomingMessage,
  line: Duplex,
  protocol: string | null,
  ears: SocketEars,
): ServerSocket {
  const key = request.headers['sec-websocket-key'] ?? ''
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64')
  const chosen = protocol === null ? '' : `Sec-WebSocket-Protocol: ${protocol}\r\n`
  line.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${chosen}\r\n`,
  )
  let over = false
  let closing = false
  const end = (closed: FrameEnd): void => {
    if (over) return
    over = true
    ears.onEnd(closed)
  }
  const reader = new FrameReader((opcode, payload) => {
    if (opcode === PING) line.write(frameOf(PONG, payload))
    else if (opcode === TEXT) ears.onFrame(payload.toString())
    else if (opcode === BINARY) ears.onFrame(payload)
    else if (opcode === CLOSE) {
      if (!closing) line.write(frameOf(CLOSE, payload))
      line.end()
      end({
        code: payload.length >= 2 ? payload.readUInt16BE(0) : 1005,
        reason: payload.subarray(2).toString(),
      })
    }
  })
  line.on('data', (bytes: Buffer) => {
    reader.push(bytes)
  })
  const lost = (): void => {
    end({ code: 1006, reason: '' })
  }
  line.on('close', lost)
  line.on('error', lost)
  return {
    send(frame) {
      if (over || line.destroyed) return
      line.write(
        typeof frame === 'string' ? frameOf(TEXT, Buffer.from(frame)) : frameOf(BINARY, frame),
      )
    },
    close(code, reason = '') {
      closing = true
      const payload = Buffer.alloc(code === undefined ? 0 : 2)
      if (code !== undefined) payload.writeUInt16BE(code)
      line.write(frameOf(CLOSE, Buffer.concat([payload, Buffer.from(reason)])))
    },
    cut() {
      line.destroy()
    },
  }
}

/** Refuses a handshake as a provider does that knows no such key. */
export function refuseWebSocket(line: Duplex, status: number): void {
  line.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function frameOf(opcode: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10)
  head[0] = 0x80 | opcode
  if (payload.length < 126) head[1] = payload.length
  else if (payload.length < 65_536) {
    head[1] = 126
    head.writeUInt16BE(payload.length, 2)
  } else {
    head[1] = 127
    head.writeBigUInt64BE(BigInt(payload.length), 2)
  }
  return Buffer.concat([head, payload])
}

/** Takes frames out of a line's bytes, and puts the parts of a message together. */
class FrameReader {
  readonly #take: (opcode: number, payload: Buffer) => void
  #bytes: Buffer = Buffer.alloc(0)
  #opcode = 0
  #parts: Buffer[] = []

  constructor(take: (opcode: number, payload: Buffer) => void) {
    this.#take = take
  }

  push(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes])
    while (this.#next());
  }

  #next(): boolean {
    const bytes = this.#bytes
    const [first = 0, second = 0] = bytes
    const short = second & 0x7f
    const maskAt = short < 126 ? 2 : short === 126 ? 4 : 10
    const start = maskAt + 4
    if (bytes.length < start) return false
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
    if (bytes.length < start + length) return false
    const mask = bytes.subarray(maskAt, start)
    const payload = Buffer.from(bytes.subarray(start, start + length))
    for (let at = 0; at < length; at++) payload[at] = (payload[at] ?? 0) ^ (mask[at % 4] ?? 0)
    this.#bytes = bytes.subarray(start + length)
    this.#add(first & 0x0f, (first & 0x80) !== 0, payload)
    return true
  }

  #add(opcode: number, isLast: boolean, payload: Buffer): void {
    if (opcode >= CLOSE) {
      this.#take(opcode, payload)
      return
    }
    if (opcode !== CONTINUATION) this.#opcode = opcode
    this.#parts.push(payload)
    if (!isLast) return
    const whole = Buffer.concat(this.#parts)
    this.#parts = []
    this.#take(this.#opcode, whole)
  }
}
