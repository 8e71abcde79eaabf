import Anthropic from '@anthropic-ai/sdk'
import { abortAfterTwo, takeAll, type CaseInput, type ClientCases } from './case.ts'

const MODEL = 'claude-sonnet-4-5'

function connect({ apiKey, baseUrl }: CaseInput): Anthropic {
  return new Anthropic({ apiKey, baseURL: baseUrl, dangerouslyAllowBrowser: true })
}

function request(prompt: string) {
  return {
    model: MODEL,
    max_tokens: 200,
    messages: [{ role: 'user' as const, content: prompt }],
  }
}

function messageStream(input: CaseInput, signal?: AbortSignal) {
  return connect(input).messages.create({ ...request(input.prompt), stream: true }, { signal })
}

const text = (part: Anthropic.MessageStreamEvent) =>
  part.type === 'content_block_delta' && part.delta.type === 'text_delta' ? part.delta.text : null

export const anthropicCases: ClientCases = {
  async messages(input, take) {
    const answer = await connect(input).messages.create(request(input.prompt))
    for (const block of answer.content) if (block.type === 'text') take(block.text)
  },
  async 'messages stream'(input, take) {
    await takeAll(await messageStream(input), text, take)
  },
  'messages abort': (input, take) =>
    abortAfterTwo(async (signal, takeOne) => {
      await takeAll(await messageStream(input, signal), text, takeOne)
    }, take),
  async 'count tokens'(input, take) {
    const { messages } = request(input.prompt)
    const count = await connect(input).messages.countTokens({ model: MODEL, messages })
    take(String(count.input_tokens))
  },
}
