/** Runs one example of the pages and does with what it named what a developer would do next. */
import type Anthropic from '@anthropic-ai/sdk'
import type { UIMessage } from 'ai'
import type OpenAI from 'openai'
import type { ComponentType, ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import { connect, reconnect, type ChatChunk, type Session } from 'valetkey'
import type { ConnectButtonElement } from 'valetkey/button'
import type { createChatTransport } from 'valetkey/ai-sdk'
import { give, initScripts } from './given.ts'
import { modules } from './modules.ts'

declare global {
  var startExample: (name: string) => void
  /** What each of its names came to, and the scripts for tests it made. */
  var example: Promise<{ texts: Record<string, string>; initScripts: readonly string[] }>
  var askFake: () => Promise<string>
}

const HELLO = [{ role: 'user', content: 'Hello!' }] as const

const logged: string[] = []
Object.assign(console, { log: (text: string) => logged.push(text) })

/** How what an example names is used; a name that is not here is only there for another of it. */
const USES: Readonly<Record<string, (value: never) => Promise<string> | string>> = {
  openai: (client: OpenAI) => completion(client, 'gpt-4o-mini'),
  client: (client: OpenAI) => completion(client, 'openai/gpt-4o-mini'),
  async anthropic(client: Anthropic) {
    const model = 'claude-sonnet-4-5'
    const { content } = await client.messages.create({
      model,
      max_tokens: 64,
      messages: [...HELLO],
    })
    return content.map((block) => (block.type === 'text' ? block.text : '')).join('')
  },
  // An example that reads it itself writes it to the console.
  stream: async (chunks: AsyncIterable<ChatChunk>) => (await textOf(chunks)) || logged.join(''),
  session: ({ grant }: Session) => grant.providers.map(({ provider }) => provider).join(),
  async textStream(parts: AsyncIterable<string>) {
    let text = ''
    for await (const part of parts) text += part
    return text
  },
  async transport(transport: ReturnType<typeof createChatTransport>) {
    const messages: UIMessage[] = [
      { id: 'one', role: 'user', parts: [{ type: 'text', text: 'Hello!' }] },
    ]
    const about = { chatId: 'chat', messageId: undefined, abortSignal: undefined }
    const parts = await transport.sendMessages({ ...about, trigger: 'submit-message', messages })
    let text = ''
    for (const reader = parts.getReader(); ;) {
      const { done, value } = await reader.read()
      if (done) return text
      if (value.type === 'text-delta') text += value.delta
    }
  },
  async ask(ask: (text: string, show: (words: string) => void) => Promise<void>) {
    let text = ''
    await ask('Hello!', (words) => {
      text += words
    })
    return text
  },
  element: (element: ReactElement) => shown(element),
  App: (App: ComponentType) => shown(<App />),
  button: (button: ConnectButtonElement) => JSON.stringify(button.options),
  showsBox: (shows: boolean) => String(shows),
  // No server of this name is there: the wallet's word of it is what there is to see.
  linked(linked: Promise<string>) {
    document.querySelectorAll('button').forEach((button) => {
      button.click()
    })
    return linked.catch((error: unknown) => (error as Error).message)
  },
}

globalThis.startExample = (name) => {
  globalThis.example = run(name)
}

/** An app under test asks the fake that an example installs. */
globalThis.askFake = async () => {
  const session = (await reconnect()) ?? (await connect({ reason: 'To try it.' }))
  return textOf(await session.chat({ model: 'openai/gpt-4o-mini', messages: HELLO, stream: true }))
}

async function run(name: string) {
  give(await connect({ reason: 'To run the examples.', budget: '5.00' }))
  const load = modules[name]
  if (!load) throw new Error(`no example ${name}`)
  const named = await (await load()).run()
  const texts: Record<string, string> = {}
  for (const [key, value] of Object.entries(named)) {
    const use = USES[key]
    if (use) texts[key] = await use(value as never)
  }
  return { texts, initScripts }
}

async function completion(client: OpenAI, model: string): Promise<string> {
  return textOf(await client.chat.completions.create({ model, messages: [...HELLO], stream: true }))
}

async function textOf(
  chunks: AsyncIterable<{
    choices: readonly { readonly delta: { readonly content?: string | null | undefined } }[]
  }>,
): Promise<string> {
  let text = ''
  for await (const { choices } of chunks) text += choices[0]?.delta.content ?? ''
  return text
}

async function shown(element: ReactElement): Promise<string> {
  const root = document.querySelector<HTMLElement>('#root')
  if (!root) throw new Error('no place for it')
  createRoot(root).render(element)
  // It shows that it is connected once the wallet said so.
  for (let left = 100; left > 0; left--) {
    if (/connected|Ask away/i.test(root.textContent)) return root.textContent
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return root.textContent
}
