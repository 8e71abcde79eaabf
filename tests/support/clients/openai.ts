import OpenAI from 'openai'
import { abortAfterTwo, firstChoice, takeAll, type CaseInput, type ClientCases } from './case.ts'

const MODEL = 'gpt-5-mini'

function connect(apiKey: string): OpenAI {
  return new OpenAI({ apiKey, dangerouslyAllowBrowser: true })
}

function chatStream({ apiKey, prompt }: CaseInput, signal?: AbortSignal) {
  return connect(apiKey).chat.completions.create(
    { model: MODEL, messages: [{ role: 'user', content: prompt }], stream: true },
    { signal },
  )
}

function responseStream({ apiKey, prompt }: CaseInput, signal?: AbortSignal) {
  return connect(apiKey).responses.create({ model: MODEL, input: prompt, stream: true }, { signal })
}

type ChatPart = OpenAI.ChatCompletionChunk
type ResponsePart = OpenAI.Responses.ResponseStreamEvent
const chatText = (part: ChatPart) => firstChoice(part.choices).delta.content
const responseText = (part: ResponsePart) =>
  part.type === 'response.output_text.delta' ? part.delta : null

export const openaiCases: ClientCases = {
  async chat({ apiKey, prompt }, take) {
    const answer = await connect(apiKey).chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: prompt }],
    })
    take(answer.choices[0]?.message.content ?? '')
  },
  async 'chat stream'(input, take) {
    await takeAll(await chatStream(input), chatText, take)
  },
  'chat abort': (input, take) =>
    abortAfterTwo(async (signal, takeOne) => {
      await takeAll(await chatStream(input, signal), chatText, takeOne)
    }, take),
  async responses({ apiKey, prompt }, take) {
    const answer = await connect(apiKey).responses.create({ model: MODEL, input: prompt })
    take(answer.output_text)
  },
  async 'responses stream'(input, take) {
    await takeAll(await responseStream(input), responseText, take)
  },
  'responses abort': (input, take) =>
    abortAfterTwo(async (signal, takeOne) => {
      await takeAll(await responseStream(input, signal), responseText, takeOne)
    }, take),
  async models({ apiKey }, take) {
    const names: string[] = []
    for await (const model of connect(apiKey).models.list()) names.push(model.id)
    take(names.join(' '))
  },
}
