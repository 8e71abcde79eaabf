/** Channels that documents lead to the worker through our frame (`extension/bridge/channel-frame.ts`). */

/** Only documents of our own origin can send one; which page it is of, the ticket alone tells. */
export function onDirectChannel(take: (ticket: unknown, channel: MessagePort) => void): void {
  globalThis.addEventListener('message', ({ data, ports: [channel] }: MessageEvent<unknown>) => {
    if (channel) take(data, channel)
  })
}
