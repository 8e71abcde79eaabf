import type { Duplex } from 'node:stream'

/**
 * What is written to a socket in one turn of the event loop leaves it in one system call: one for each frame costs
 * more than all else that is done with it.
 * @returns to be called before each write
 */
export function oneWriteATurn(socket: Duplex): () => void {
  let isHeld = false
  return () => {
    if (isHeld) return
    isHeld = true
    socket.cork()
    setImmediate(() => {
      isHeld = false
      socket.uncork()
    })
  }
}
