import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createGroq } from '@ai-sdk/groq'
import { createMistral } from '@ai-sdk/mistral'
import { createOpenAI } from '@ai-sdk/openai'
import { createXai } from '@ai-sdk/xai'
import { generateText, streamText, type LanguageModel } from 'ai'
import { abortAfterTwo, takeAll, type ClientCases } from './case.ts'

/** The same cases over any provider of the AI SDK. */
function casesOf(connect: (apiKey: string) => LanguageModel): ClientCases {
  return {
    async generateText({ apiKey, prompt }, take) {
      const { text } = await generateText({ model: connect(apiKey), prompt })
      take(text)
    },
    async streamText({ apiKey, prompt }, take) {
      await takeAll(textStream(connect(apiKey), prompt), (piece) => piece, take)
    },
    'streamText abort': ({ apiKey, prompt }, take) =>
      abortAfterTwo(async (signal, takeOne) => {
        await takeAll(textStream(connect(apiKey), prompt, signal), (piece) => piece, takeOne)
      }, take),
  }
}

async function* textStream(
  model: LanguageModel,
  prompt: string,
  abortSignal?: AbortSignal,
): AsyncGenerator<string> {
  const failures: Error[] = []
  const result = streamText({
    model,
    prompt,
    ...(abortSignal ? { abortSignal } : {}),
    // Without a listener it prints the error and ends the stream as if it were complete.
    onError: ({ error }) => {
      failures.push(error instanceof Error ? error : new Error(String(error)))
    },
  })
  for await (const piece of result.textStream) yield piece
  const [failure] = failures
  if (failure) throw failure
}

// The browser key of Anthropic's API must be declared by the app, as its own documentation says.
const browserHeaders = { 'anthropic-dangerous-direct-browser-access': 'true' }

export const aiOpenaiCases = casesOf((apiKey) => createOpenAI({ apiKey })('gpt-5-mini'))
export const aiAnthropicCases = casesOf((apiKey) =>
  createAnthropic({ apiKey, headers: browserHeaders })('claude-sonnet-4-5'),
)
export const aiGoogleCases = casesOf((apiKey) =>
  createGoogleGenerativeAI({ apiKey })('gemini-2.5-flash'),
)
export const aiGroqCases = casesOf((apiKey) => createGroq({ apiKey })('openai/gpt-oss-20b'))
export const aiMistralCases = casesOf((apiKey) => createMistral({ apiKey })('mistral-small-latest'))
export const aiXaiCases = casesOf((apiKey) => createXai({ apiKey })('grok-4'))
