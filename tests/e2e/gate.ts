import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a port that can be shut: a connection is then taken, and nothing passes. */
export interface Gate {
  /** Leads to that port of loopback from now on. @returns where to go instead, `ip:port` */
  leadTo(port: number): string
  /** Ends what is connected, and lets nothing more pass. */
  shut(): void
  open(): void
  /** Connections that wait before the shut gate. */
  waiting(): number
  close(): void
}

export async function startGate(): Promise<Gate> {
  const passing = new Set<Socket>()
  const waiting = new Set<Socket>()
  let target = 0
  let isShut = false

  const server = createServer((socket) => {
    const crowd = isShut ? waiting : passing
    crowd.add(socket)
    socket.on('close', () => crowd.delete(socket))
    socket.on('error', () => socket.destroy())
    if (isShut) {
      // Its end must be noticed.
      socket.resume()
      return
    }
    const onward = connect(target, '127.0.0.1')
    onward.on('error', () => socket.destroy())
    socket.on('close', () => onward.destroy())
    socket.pipe(onward).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const end = (sockets: Set<Socket>) => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    leadTo(port) {
      target = port
      return `127.0.0.1:${(server.address() as AddressInfo).port}` // TCP, never a pipe
    },
    shut() {
      isShut = true
      end(passing)
    },
    open() {
      isShut = false
      end(waiting)
    },
    waiting: () => waiting.size,
    close() {
      end(passing)
      end(waiting)
      server.close()
    },
  }
}
