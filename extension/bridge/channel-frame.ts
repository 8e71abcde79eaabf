/**
 * The document behind the hidden frame of a page with many calls. It hands one port to the worker and is
 * removed: no message of a call passes here, and it decides nothing. Any page may embed it and say
 * anything; the worker takes a port only with a ticket it gave out itself.
 */
export function startChannelFrame(): void {
  addEventListener('message', ({ data, ports }: MessageEvent<unknown>) => {
    void navigator.serviceWorker.ready.then(({ active }) => {
      active?.postMessage(data, [...ports])
    })
  })
}
