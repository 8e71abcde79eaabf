import Anthropic from 'anthropic-sdk-0'
import { abortAfterTwo, takeAll, type CaseInput, type ClientCases } from './case.ts'

const MODEL = 'claude-sonnet-4-5'

function connect(apiKey: string): Anthropic {
  return new Anthropic({ apiKey, dangerouslyAllowBrowser: true })
}

function request(prompt: string) {
  return {
    model: MODEL,
    max_tokens: 200,
    messages: [{ role: 'user' as const, content: prompt }],
  }
}

function messageStream({ apiKey, prompt }: CaseInput, signal?: AbortSignal) {
  return connect(apiKey).messages.create({ ...request(prompt), stream: true }, { signal })
}

const text = (part: Anthropic.MessageStreamEvent) =>
  part.type === 'content_block_delta' && part.delta.type === 'text_delta' ? part.delta.text : null

export const anthropicZeroCases: ClientCases = {
  async messages({ apiKey, prompt }, take) {
    const answer = await connect(apiKey).messages.create(request(prompt))
    for (const block of answer.content) if (block.type === 'text') take(block.text)
  },
  async 'messages stream'(input, take) {
    await takeAll(await messageStream(input), text, take)
  },
  'messages abort': (input, take) =>
    abortAfterTwo(async (signal, takeOne) => {
      await takeAll(await messageStream(input, signal), text, takeOne)
    }, take),
  async 'count tokens'({ apiKey, prompt }, take) {
    const { messages } = request(prompt)
    const count = await connect(apiKey).messages.countTokens({ model: MODEL, messages })
    take(String(count.input_tokens))
  },
}
