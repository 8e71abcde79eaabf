/** A document in a frame that answers whoever hands it a port: the least such a frame can do. */
addEventListener('message', ({ ports: [port] }: MessageEvent<unknown>) => {
  port?.postMessage('here')
})
