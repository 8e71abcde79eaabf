import Groq from 'groq-sdk'
import { abortAfterTwo, firstChoice, takeAll, type CaseInput, type ClientCases } from './case.ts'

const MODEL = 'openai/gpt-oss-20b'

function connect({ apiKey, baseUrl }: CaseInput): Groq {
  return new Groq({ apiKey, baseURL: baseUrl, dangerouslyAllowBrowser: true })
}

function chatStream(input: CaseInput, signal?: AbortSignal) {
  return connect(input).chat.completions.create(
    { model: MODEL, messages: [{ role: 'user', content: input.prompt }], stream: true },
    { signal },
  )
}

const text = (part: Groq.Chat.ChatCompletionChunk) => firstChoice(part.choices).delta.content

export const groqCases: ClientCases = {
  async chat(input, take) {
    const answer = await connect(input).chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: input.prompt }],
    })
    take(firstChoice(answer.choices).message.content ?? '')
  },
  async 'chat stream'(input, take) {
    await takeAll(await chatStream(input), text, take)
  },
  'chat abort': (input, take) =>
    abortAfterTwo(async (signal, takeOne) => {
      await takeAll(await chatStream(input, signal), text, takeOne)
    }, take),
}
