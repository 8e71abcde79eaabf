import { GoogleGenAI } from '@google/genai'
import { abortAfterTwo, takeAll, type CaseInput, type ClientCases } from './case.ts'

const MODEL = 'gemini-2.5-flash'

function contentStream({ apiKey, prompt }: CaseInput, abortSignal?: AbortSignal) {
  return new GoogleGenAI({ apiKey }).models.generateContentStream({
    model: MODEL,
    contents: prompt,
    ...(abortSignal ? { config: { abortSignal } } : {}),
  })
}

export const googleCases: ClientCases = {
  async generateContent({ apiKey, prompt }, take) {
    const answer = await new GoogleGenAI({ apiKey }).models.generateContent({
      model: MODEL,
      contents: prompt,
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
