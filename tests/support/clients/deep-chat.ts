import { DeepChat } from 'deep-chat'
import type { CaseInput, ClientCases } from './case.ts'

type Connection = NonNullable<DeepChat['directConnection']>

/** The chat element as a page uses it: a question is sent, and the answer stands in it. */
function casesOf(connect: (key: string) => Connection): ClientCases {
  const ask = async (input: CaseInput, take: (piece: string) => void, stream: boolean) => {
    let asked = false
    /** How much of the answer stood there, each time it grew. */
    const lengths: number[] = []
    const chat = new DeepChat()
    try {
      await new Promise<void>((resolve, reject) => {
        // All of them first: each one that is set later draws the element anew, without its messages.
        chat.directConnection = connect(input.apiKey)
        chat.connect = { stream }
        chat.onError = (error) => {
          reject(new Error(typeof error === 'string' ? error : JSON.stringify(error)))
        }
        chat.onMessage = ({ message }) => {
          if (message.role !== 'ai') return
          const { text = '' } = message
          for (const [index, length] of [...lengths, text.length].entries()) {
            take(text.slice(lengths[index - 1] ?? 0, length))
          }
          resolve()
        }
        chat.onComponentRender = () => {
          if (asked) return
          asked = true
          new MutationObserver(() => {
            const { length } = answerOf(chat)
            if (length > (lengths.at(-1) ?? 0)) lengths.push(length)
          }).observe(chat.shadowRoot ?? chat, { subtree: true, childList: true })
          chat.submitUserMessage({ text: input.prompt })
        }
        document.body.append(chat)
      })
    } finally {
      chat.remove()
    }
  }
  return {
    chat: (input, take) => ask(input, take, false),
    'chat stream': (input, take) => ask(input, take, true),
  }
}

/** The answer as it stands on the page; its own list has it only when it is whole. */
function answerOf(chat: DeepChat): string {
  return chat.shadowRoot?.querySelector('.ai-message-text')?.textContent.trim() ?? ''
}

export const deepChatOpenaiCases = casesOf((key) => ({
  openAI: { key, completions: { model: 'gpt-5-mini' } },
}))
export const deepChatClaudeCases = casesOf((key) => ({
  claude: { key, model: 'claude-sonnet-4-5', max_tokens: 500 },
}))
export const deepChatGeminiCases = casesOf((key) => ({
  gemini: { key, model: 'gemini-2.5-flash' },
}))
export const deepChatGroqCases = casesOf((key) => ({
  groq: { key, chat: { model: 'openai/gpt-oss-20b' } },
}))
