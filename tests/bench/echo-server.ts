/** A bare WebSocket server in a process of its own, which sends back what it gets; it says its port. */
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
server.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => {
    socket.send(data, { binary: isBinary })
  })
})
server.on('listening', () => {
  process.send?.((server.address() as AddressInfo).port)
})
