/** Runs in a page: frames to and fro on one socket, as an app talks live. */
import type { PreparedCall } from './prepared-call.ts'

const ECHOES = 20
const opened = new Map<string, Promise<WebSocket>>()

/** @returns the median time, in milliseconds, from sending a frame to reading its echo */
export async function timeSocket({ url, init }: PreparedCall): Promise<number> {
  const opening = opened.get(url) ?? open(url, new Headers(init.headers))
  opened.set(url, opening)
  const socket = await opening
  const times: number[] = []
  for (let echo = 0; echo < ECHOES; echo++) times.push(await timeEcho(socket, init.body as string))
  times.sort((a, b) => a - b)
  return times[ECHOES / 2] ?? Number.NaN
}

/** The key goes where a browser can put it: among the names of protocols. */
function open(url: string, headers: Headers): Promise<WebSocket> {
  const key = (headers.get('authorization') ?? '').replace('Bearer ', '')
  const socket = new WebSocket(url, ['realtime', `openai-insecure-api-key.${key}`])
  return new Promise((resolve, reject) => {
    socket.onopen = () => {
      resolve(socket)
    }
    socket.onclose = ({ code, reason }) => {
      reject(new Error(`the socket closed: ${code} ${reason}`))
    }
  })
}

function timeEcho(socket: WebSocket, frame: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    socket.onclose = ({ code, reason }) => {
      reject(new Error(`the socket closed: ${code} ${reason}`))
    }
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      if (data.length === frame.length) resolve(performance.now() - start)
      else reject(new Error(`no echo: ${data.slice(0, 200)}`))
    }
    socket.send(frame)
  })
}
