import { GoogleGenAI } from '@google/genai'
import { abortAfterTwo, takeAll, type CaseInput, type ClientCases } from './case.ts'

const MODEL = 'gemini-2.5-flash'

function connect({ apiKey, baseUrl }: CaseInput): GoogleGenAI {
  return new GoogleGenAI({ apiKey, ...(baseUrl ? { httpOptions: { baseUrl } } : {}) })
}

function contentStream(input: CaseInput, abortSignal?: AbortSignal) {
  return connect(input).models.generateContentStream({
    model: MODEL,
    contents: input.prompt,
    ...(abortSignal ? { config: { abortSignal } } : {}),
  })
}

export const googleCases: ClientCases = {
  async generateContent(input, take) {
    const answer = await connect(input).models.generateContent({
      model: MODEL,
      contents: input.prompt,
    })
    take(answer.text ?? '')
  },
  async generateContentStream(input, take) {
    await takeAll(await contentStream(input), (part) => part.text, take)
  },
  'generateContentStream abort': (input, take) =>
    abortAfterTwo(async (signal, takeOne) => {
      await takeAll(await contentStream(input, signal), (part) => part.text, takeOne)
    }, take),
}
