import type { LanguageModelV4, ProviderV4 } from '@ai-sdk/provider'
import type { ChatTransport, LanguageModel, UIMessage } from 'ai'
import type { Session } from 'valetkey'
import { createChatTransport, createValetKey, type ValetKeyProvider } from 'valetkey/ai-sdk'
import { expectType } from '../expect-type.js'

export function use(session: Session): [LanguageModel, ChatTransport<UIMessage>] {
  const valetkey = createValetKey(session)
  expectType<typeof valetkey>().is<ValetKeyProvider>()
  const provider: ProviderV4 = valetkey
  expectType<ReturnType<typeof valetkey>>().is<LanguageModelV4>()
  const transport: ChatTransport<UIMessage> = createChatTransport({
    model: valetkey('openai/gpt-5'),
  })
  return [provider.languageModel('anthropic/claude-sonnet-5'), transport]
}
