import {
  convertToModelMessages,
  streamText,
  toUIMessageStream,
  type ChatTransport,
  type LanguageModel,
  type UIMessage,
} from 'ai'

/** What the transport of a `useChat` works with. */
export interface ChatTransportOptions {
  /** The model, or what gives it when the person sends something: a session may begin after the page. */
  readonly model: LanguageModel | (() => LanguageModel | Promise<LanguageModel>)
  /** Put before every conversation. */
  readonly instructions?: string
}

/** For `useChat`: the conversation goes from the page to the wallet, with no route of a server between. */
export function createChatTransport<M extends UIMessage = UIMessage>({
  model,
  instructions,
}: ChatTransportOptions): ChatTransport<M> {
  return {
    async sendMessages({ messages, abortSignal }) {
      const { stream } = streamText({
        model: typeof model === 'function' ? await model() : model,
        messages: await convertToModelMessages(messages),
        ...(instructions !== undefined && { instructions }),
        ...(abortSignal && { abortSignal }),
      })
      return toUIMessageStream({ stream })
    },
    // A page that was closed took its conversation's call with it.
    reconnectToStream: () => Promise.resolve(null),
  }
}
