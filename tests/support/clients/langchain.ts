import { ChatAnthropic } from '@langchain/anthropic'
import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import { ChatOpenAI } from '@langchain/openai'
import { abortAfterTwo, takeAll, type CaseInput, type ClientCases } from './case.ts'

/** What every chat model of LangChain has. */
interface ChatModel {
  invoke(prompt: string): Promise<{ readonly text: string }>
  stream(
    prompt: string,
    options?: { readonly signal: AbortSignal },
  ): Promise<AsyncIterable<{ readonly text: string }>>
}

function casesOf(connect: (apiKey: string) => ChatModel): ClientCases {
  const stream = async (
    { apiKey, prompt }: CaseInput,
    take: (piece: string) => void,
    signal?: AbortSignal,
  ) => {
    const parts = await connect(apiKey).stream(prompt, signal && { signal })
    await takeAll(parts, ({ text }) => text, take)
  }
  return {
    async invoke({ apiKey, prompt }, take) {
      take((await connect(apiKey).invoke(prompt)).text)
    },
    stream: (input, take) => stream(input, take),
    'stream abort': (input, take) =>
      abortAfterTwo((signal, takeOne) => stream(input, takeOne, signal), take),
  }
}

const maxRetries = 0

export const langchainOpenaiCases = casesOf(
  (apiKey) =>
    new ChatOpenAI({
      ...{ apiKey, maxRetries, model: 'gpt-5-mini' },
      configuration: { dangerouslyAllowBrowser: true },
    }),
)
export const langchainAnthropicCases = casesOf(
  (apiKey) =>
    new ChatAnthropic({
      ...{ apiKey, maxRetries, model: 'claude-sonnet-4-5' },
      clientOptions: { dangerouslyAllowBrowser: true },
    }),
)
export const langchainGoogleCases = casesOf(
  (apiKey) => new ChatGoogleGenerativeAI({ apiKey, maxRetries, model: 'gemini-2.5-flash' }),
)
