/** The data of each event of a stream, up to `[DONE]`. Whoever stops reading stops the provider. */
export async function* eventsOf(
  body: ReadableStream<Uint8Array> | null,
): AsyncGenerator<string, undefined> {
  if (!body) return
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const events = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/)
      rest = events.pop() ?? ''
      for (const event of events) {
        const lines = event.split(/\r?\n/).filter((line) => line.startsWith('data:'))
        const data = lines.map((line) => line.slice('data:'.length).trim()).join('\n')
        if (data === '[DONE]') return
        if (data !== '') yield data
      }
    }
  } finally {
    void reader.cancel().catch(() => undefined)
  }
}
