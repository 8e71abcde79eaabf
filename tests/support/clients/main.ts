import {
  aiAnthropicCases,
  aiGoogleCases,
  aiGroqCases,
  aiMistralCases,
  aiOpenaiCases,
  aiXaiCases,
} from './ai-sdk.ts'
import { anthropicCases } from './anthropic.ts'
import { anthropicZeroCases } from './anthropic-0.ts'
import type { CaseInput, CaseResult, ClientCases } from './case.ts'
import { cohereCases } from './cohere.ts'
import {
  deepChatClaudeCases,
  deepChatGeminiCases,
  deepChatGroqCases,
  deepChatOpenaiCases,
} from './deep-chat.ts'
import { googleCases } from './google-genai.ts'
import { googleOldCases } from './google-generative-ai.ts'
import { groqCases } from './groq.ts'
import { langchainAnthropicCases, langchainGoogleCases, langchainOpenaiCases } from './langchain.ts'
import { mistralCases } from './mistral.ts'
import { openaiCases } from './openai.ts'
import { openrouterCases } from './openrouter.ts'
import {
  axiosFetchCases,
  axiosXhrCases,
  fetchEventSourceCases,
  kyCases,
  sseJsCases,
} from './plain-http.ts'
import { talkLive } from './realtime.ts'
import { replicateCases } from './replicate.ts'

/** Package name, and what it is used with → its cases. */
const CLIENTS: Readonly<Record<string, ClientCases>> = {
  openai: openaiCases,
  '@anthropic-ai/sdk': anthropicCases,
  'anthropic-sdk-0': anthropicZeroCases,
  '@google/genai': googleCases,
  'groq-sdk': groqCases,
  '@ai-sdk/openai': aiOpenaiCases,
  '@ai-sdk/anthropic': aiAnthropicCases,
  '@ai-sdk/google': aiGoogleCases,
  '@ai-sdk/groq': aiGroqCases,
  '@ai-sdk/mistral': aiMistralCases,
  '@ai-sdk/xai': aiXaiCases,
  '@langchain/openai': langchainOpenaiCases,
  '@langchain/anthropic': langchainAnthropicCases,
  '@langchain/google-genai': langchainGoogleCases,
  '@google/generative-ai': googleOldCases,
  '@mistralai/mistralai': mistralCases,
  '@openrouter/sdk': openrouterCases,
  'cohere-ai': cohereCases,
  replicate: replicateCases,
  'axios xhr': axiosXhrCases,
  'axios fetch': axiosFetchCases,
  ky: kyCases,
  'sse.js': sseJsCases,
  '@microsoft/fetch-event-source': fetchEventSourceCases,
  'deep-chat openai': deepChatOpenaiCases,
  'deep-chat anthropic': deepChatClaudeCases,
  'deep-chat google': deepChatGeminiCases,
  'deep-chat groq': deepChatGroqCases,
}

/** Runs one case; failures come back as a note, never as a throw. */
async function runClient(name: string, caseName: string, input: CaseInput): Promise<CaseResult> {
  const pieces: string[] = []
  const result = (ok: boolean, note: string): CaseResult => ({
    ok,
    text: pieces.join(''),
    parts: pieces.length,
    note,
  })
  const run = CLIENTS[name]?.[caseName]
  if (!run) return result(false, `there is no case ${name} ${caseName}`)
  try {
    await run(input, (piece) => pieces.push(piece))
    return result(true, '')
  } catch (error) {
    return result(false, describe(error))
  }
}

/** Every client with the names of its cases. */
function listCases(): readonly { readonly client: string; readonly case: string }[] {
  return Object.entries(CLIENTS).flatMap(([client, cases]) =>
    Object.keys(cases).map((name) => ({ client, case: name })),
  )
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const fields: [string, unknown][] = Object.entries(error)
  const status = fields.find(([name]) => /^status(Code)?$/.test(name))?.[1]
  const text = `${error.constructor.name} ${JSON.stringify(status ?? null)} ${error.message}`
  return text.replaceAll(/\s+/g, ' ')
}

declare global {
  interface Window {
    runClient: typeof runClient
    listCases: typeof listCases
    talkLive: typeof talkLive
  }
}
window.runClient = runClient
window.listCases = listCases
window.talkLive = talkLive
document.title = 'Clients ready'
