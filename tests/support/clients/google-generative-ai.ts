import { GoogleGenerativeAI } from '@google/generative-ai'
import { abortAfterTwo, takeAll, type CaseInput, type ClientCases } from './case.ts'

function modelOf({ apiKey }: CaseInput) {
  return new GoogleGenerativeAI(apiKey).getGenerativeModel({ model: 'gemini-2.5-flash' })
}

async function streamOf(input: CaseInput, take: (piece: string) => void, signal?: AbortSignal) {
  const { stream } = await modelOf(input).generateContentStream(input.prompt, signal && { signal })
  await takeAll(stream, (part) => part.text(), take)
}

/** The predecessor of `@google/genai`, in many apps. */
export const googleOldCases: ClientCases = {
  async generateContent(input, take) {
    take((await modelOf(input).generateContent(input.prompt)).response.text())
  },
  generateContentStream: (input, take) => streamOf(input, take),
  'generateContentStream abort': (input, take) =>
    abortAfterTwo((signal, takeOne) => streamOf(input, takeOne, signal), take),
}
