import OpenAI from 'openai'
import { abortAfterTwo, firstChoice, takeAll, type CaseInput, type ClientCases } from './case.ts'

const MODEL = 'gpt-5-mini'

function connect({ apiKey, baseUrl }: CaseInput): OpenAI {
  return new OpenAI({ apiKey, baseURL: baseUrl, dangerouslyAllowBrowser: true })
}

function chatStream(input: CaseInput, signal?: AbortSignal) {
  return connect(input).chat.completions.create(
    { model: MODEL, messages: [{ role: 'user', content: input.prompt }], stream: true },
    { signal },
  )
}

function responseStream(input: CaseInput, signal?: AbortSignal) {
  return connect(input).responses.create(
    { model: MODEL, input: input.prompt, stream: true },
    { signal },
  )
}

type ChatPart = OpenAI.ChatCompletionChunk
type ResponsePart = OpenAI.Responses.ResponseStreamEvent
const chatText = (part: ChatPart) => firstChoice(part.choices).delta.content
const responseText = (part: ResponsePart) =>
  part.type === 'response.output_text.delta' ? part.delta : null

export const openaiCases: ClientCases = {
  async chat(input, take) {
    const answer = await connect(input).chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: input.prompt }],
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
  async responses(input, take) {
    const answer = await connect(input).responses.create({ model: MODEL, input: input.prompt })
    take(answer.output_text)
  },
  async 'responses stream'(input, take) {
    await takeAll(await responseStream(input), responseText, take)
  },
  'responses abort': (input, take) =>
    abortAfterTwo(async (signal, takeOne) => {
      await takeAll(await responseStream(input, signal), responseText, takeOne)
    }, take),
  async models(input, take) {
    const names: string[] = []
    for await (const model of connect(input).models.list()) names.push(model.id)
    take(names.join(' '))
  },
  async embeddings(input, take) {
    const { data } = await connect(input).embeddings.create({
      model: 'text-embedding-3-small',
      input: input.prompt,
    })
    take(JSON.stringify(data[0]?.embedding.length ?? ''))
  },
  async images(input, take) {
    const { data } = await connect(input).images.generate({
      model: 'gpt-image-1',
      prompt: input.prompt,
    })
    take(data?.[0]?.b64_json ?? data?.[0]?.url ?? '')
  },
  async speech(input, take) {
    const reply = await connect(input).audio.speech.create({
      ...{ model: 'gpt-4o-mini-tts', voice: 'alloy', input: input.prompt },
    })
    const { size } = await reply.blob()
    take(size > 0 ? `${size} bytes` : '')
  },
  async transcription(input, take) {
    const file = new File([new Uint8Array(2048).fill(7)], 'speech.wav', { type: 'audio/wav' })
    const { text } = await connect(input).audio.transcriptions.create({ model: 'whisper-1', file })
    take(text)
  },
}
