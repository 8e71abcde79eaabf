import { Mistral } from '@mistralai/mistralai'
import { abortAfterTwo, firstChoice, takeAll, type CaseInput, type ClientCases } from './case.ts'

const MODEL = 'mistral-small-latest'

function question({ prompt }: CaseInput) {
  return { model: MODEL, messages: [{ role: 'user' as const, content: prompt }] }
}

function asText(content: unknown): string {
  return typeof content === 'string' ? content : ''
}

async function streamOf(input: CaseInput, take: (piece: string) => void, signal?: AbortSignal) {
  const { apiKey } = input
  const stream = await new Mistral({ apiKey }).chat.stream(
    question(input),
    signal && { fetchOptions: { signal } },
  )
  await takeAll(stream, ({ data }) => asText(firstChoice(data.choices).delta.content), take)
}

/** It calls `fetch` with a `Request`. */
export const mistralCases: ClientCases = {
  async chat(input, take) {
    const { apiKey } = input
    const { choices } = await new Mistral({ apiKey }).chat.complete(question(input))
    take(asText(firstChoice(choices).message?.content))
  },
  'chat stream': (input, take) => streamOf(input, take),
  'chat abort': (input, take) =>
    abortAfterTwo((signal, takeOne) => streamOf(input, takeOne, signal), take),
  async models({ apiKey }, take) {
    const { data = [] } = await new Mistral({ apiKey }).models.list()
    take(data.map((model) => ('id' in model ? model.id : '')).join(' '))
  },
}
