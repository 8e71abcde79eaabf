import { fetchEventSource } from '@microsoft/fetch-event-source'
import axios from 'axios'
import ky from 'ky'
import { SSE } from 'sse.js'
import { abortAfterTwo, firstChoice, type CaseInput, type ClientCases } from './case.ts'

/** Apps that speak the API by themselves, with whatever they fetch with. */
const URL = 'https://api.openai.com/v1/chat/completions'

interface Answer {
  readonly choices: readonly { readonly message: { readonly content: string } }[]
}

interface Part {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[]
}

function body({ prompt }: CaseInput, stream = false) {
  return { model: 'gpt-5-mini', messages: [{ role: 'user', content: prompt }], stream }
}

function headers({ apiKey }: CaseInput) {
  return { authorization: `Bearer ${apiKey}` }
}

const jsonHeaders = (input: CaseInput) => ({
  ...headers(input),
  'content-type': 'application/json',
})
const textOf = (answer: Answer) => firstChoice(answer.choices).message.content

function takeEvent(data: string, take: (piece: string) => void): void {
  if (data === '[DONE]') return
  const text = firstChoice((JSON.parse(data) as Part).choices).delta.content
  if (text) take(text)
}

function axiosCases(adapter: 'xhr' | 'fetch'): ClientCases {
  /** What of the text so far is new, event by event: axios hands over all of it each time. */
  const stream = async (
    input: CaseInput,
    take: (piece: string) => void,
    signal?: AbortSignal,
  ): Promise<void> => {
    let read = 0
    const takeNew = (text: string) => {
      for (let end = text.indexOf('\n\n', read); end >= 0; end = text.indexOf('\n\n', read)) {
        const event = text.slice(read, end)
        read = end + 2
        if (signal?.aborted) return
        takeEvent(event.slice('data: '.length), take)
      }
    }
    if (adapter === 'fetch') {
      const { data } = await axios.post<ReadableStream<Uint8Array>>(URL, body(input, true), {
        ...{ adapter, headers: headers(input), responseType: 'stream' },
        ...(signal && { signal }),
      })
      const decoder = new TextDecoder()
      let text = ''
      for await (const chunk of data) takeNew((text += decoder.decode(chunk, { stream: true })))
      return
    }
    await axios.post(URL, body(input, true), {
      ...{ adapter, headers: headers(input), responseType: 'text' },
      ...(signal && { signal }),
      onDownloadProgress: ({ event }) => {
        const { target } = event as ProgressEvent<XMLHttpRequest>
        takeNew(target?.responseText ?? '')
      },
    })
  }
  return {
    async post(input, take) {
      const { data } = await axios.post<Answer>(URL, body(input), {
        ...{ adapter, headers: headers(input) },
      })
      take(textOf(data))
    },
    'post stream': (input, take) => stream(input, take),
    'post abort': (input, take) =>
      abortAfterTwo((signal, takeOne) => stream(input, takeOne, signal), take),
    async models(input, take) {
      const { data } = await axios.get<{ data: { id: string }[] }>(
        'https://api.openai.com/v1/models',
        { adapter, headers: headers(input) },
      )
      take(data.data.map(({ id }) => id).join(' '))
    },
  }
}

export const axiosXhrCases = axiosCases('xhr')
export const axiosFetchCases = axiosCases('fetch')

/** It calls `fetch` with a `Request`. */
export const kyCases: ClientCases = {
  async post(input, take) {
    const answer = await ky
      .post(URL, { json: body(input), headers: headers(input), retry: 0 })
      .json<Answer>()
    take(textOf(answer))
  },
}

/** Streams by `XMLHttpRequest`, as its `responseText` grows. */
export const sseJsCases: ClientCases = {
  'post stream': (input, take) =>
    new Promise((resolve, reject) => {
      const source = new SSE(URL, {
        ...{ headers: jsonHeaders(input), method: 'POST', start: false },
        payload: JSON.stringify(body(input, true)),
      })
      source.addEventListener('message', ({ data }: MessageEvent<string>) => {
        if (data === '[DONE]') resolve()
        else takeEvent(data, take)
      })
      source.addEventListener('error', (event: Event) => {
        reject(new Error(`sse.js: ${'data' in event ? String(event.data) : event.type}`))
      })
      source.stream()
    }),
}

export const fetchEventSourceCases: ClientCases = {
  'post stream': (input, take) => eventSource(input, take),
  'post abort': (input, take) =>
    abortAfterTwo((signal, takeOne) => eventSource(input, takeOne, signal), take),
}

function eventSource(input: CaseInput, take: (piece: string) => void, signal?: AbortSignal) {
  return fetchEventSource(URL, {
    ...{ method: 'POST', headers: jsonHeaders(input), openWhenHidden: true },
    body: JSON.stringify(body(input, true)),
    ...(signal && { signal }),
    onmessage: ({ data }) => {
      takeEvent(data, take)
    },
    onerror: (error) => {
      throw error
    },
  })
}
