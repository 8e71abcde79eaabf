import { OpenRouter } from '@openrouter/sdk'
import { abortAfterTwo, firstChoice, takeAll, type CaseInput, type ClientCases } from './case.ts'

const MODEL = 'openai/gpt-5-mini'

function question({ prompt }: CaseInput) {
  return { model: MODEL, messages: [{ role: 'user' as const, content: prompt }] }
}

async function streamOf(input: CaseInput, take: (piece: string) => void, signal?: AbortSignal) {
  const { apiKey } = input
  const stream = await new OpenRouter({ apiKey }).chat.send(
    { chatRequest: { ...question(input), stream: true } },
    signal && { fetchOptions: { signal } },
  )
  // Its types say either, whatever was asked for.
  if ('choices' in stream) throw new Error('an answer in place of a stream')
  await takeAll(stream, ({ choices }) => firstChoice(choices).delta.content, take)
}

/** It calls `fetch` with a `Request`. */
export const openrouterCases: ClientCases = {
  async chat(input, take) {
    const { apiKey } = input
    const answer = await new OpenRouter({ apiKey }).chat.send({
      chatRequest: { ...question(input), stream: false },
    })
    if (!('choices' in answer)) throw new Error('a stream in place of an answer')
    const { content } = firstChoice(answer.choices).message
    take(typeof content === 'string' ? content : '')
  },
  'chat stream': (input, take) => streamOf(input, take),
  'chat abort': (input, take) =>
    abortAfterTwo((signal, takeOne) => streamOf(input, takeOne, signal), take),
}
