import { CohereClientV2 } from 'cohere-ai'
import { abortAfterTwo, takeAll, type CaseInput, type ClientCases } from './case.ts'

const MODEL = 'command-a-03-2025'

function question({ prompt }: CaseInput) {
  return { model: MODEL, messages: [{ role: 'user' as const, content: prompt }] }
}

async function streamOf(
  input: CaseInput,
  take: (piece: string) => void,
  abortSignal?: AbortSignal,
) {
  const stream = await new CohereClientV2({ token: input.apiKey }).chatStream(
    question(input),
    abortSignal && { abortSignal },
  )
  await takeAll(
    stream,
    (part) => (part.type === 'content-delta' ? part.delta?.message?.content?.text : null),
    take,
  )
}

export const cohereCases: ClientCases = {
  async chat(input, take) {
    const { message } = await new CohereClientV2({ token: input.apiKey }).chat(question(input))
    const [part] = message.content ?? []
    take(part?.type === 'text' ? part.text : '')
  },
  'chat stream': (input, take) => streamOf(input, take),
  'chat abort': (input, take) =>
    abortAfterTwo((signal, takeOne) => streamOf(input, takeOne, signal), take),
}
