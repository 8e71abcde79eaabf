/**
 * Quill: an app as hundreds are, written against OpenAI's own library. It asks for the person's API key
 * and calls the provider from the page. It knows nothing of ValetKey.
 */
import OpenAI from 'openai'

const MODEL = 'gpt-5-mini'
const KEY_PLACE = 'quill.key'

const keyForm = element('key-form', HTMLFormElement)
const keyBox = element('key', HTMLInputElement)
const keyState = element('key-state', HTMLElement)
const chatForm = element('chat-form', HTMLFormElement)
const prompt = element('prompt', HTMLTextAreaElement)
const talk = element('talk', HTMLElement)
const sendButton = element('send', HTMLButtonElement)
const stopButton = element('stop', HTMLButtonElement)

const turns: OpenAI.ChatCompletionMessageParam[] = [
  { role: 'system', content: 'You are Quill. You write short and plain.' },
]
let running: AbortController | null = null

keyBox.value = sessionStorage.getItem(KEY_PLACE) ?? ''
showKey()

keyForm.addEventListener('submit', (event) => {
  event.preventDefault()
  sessionStorage.setItem(KEY_PLACE, keyBox.value.trim())
  showKey()
  prompt.focus()
})
chatForm.addEventListener('submit', (event) => {
  event.preventDefault()
  void ask(prompt.value.trim())
})
prompt.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey) return
  event.preventDefault()
  chatForm.requestSubmit()
})
stopButton.addEventListener('click', () => running?.abort())
for (const idea of document.querySelectorAll('.idea')) {
  idea.addEventListener('click', () => void ask(idea.textContent))
}

async function ask(text: string): Promise<void> {
  if (text === '' || running) return
  document.getElementById('empty')?.remove()
  prompt.value = ''
  turns.push({ role: 'user', content: text })
  say('person', text)
  const answer = say('quill', '')
  answer.dataset['state'] = 'writing'
  const controller = new AbortController()
  setRunning(controller)
  try {
    const client = new OpenAI({
      apiKey: sessionStorage.getItem(KEY_PLACE) ?? '',
      dangerouslyAllowBrowser: true,
    })
    const stream = await client.chat.completions.create(
      { model: MODEL, messages: turns, stream: true },
      { signal: controller.signal },
    )
    for await (const chunk of stream) answer.textContent += chunk.choices[0]?.delta.content ?? ''
    turns.push({ role: 'assistant', content: answer.textContent })
    answer.dataset['state'] = 'done'
  } catch (error) {
    // Whatever the library raised is what the person reads.
    answer.dataset['state'] = error instanceof OpenAI.APIUserAbortError ? 'stopped' : 'failed'
    answer.textContent ||= error instanceof Error ? error.message : 'Something went wrong.'
  }
  setRunning(null)
}

function say(who: 'person' | 'quill', text: string): HTMLElement {
  const bubble = document.createElement('div')
  bubble.className = `said ${who}`
  bubble.textContent = text
  talk.append(bubble)
  bubble.scrollIntoView({ block: 'end' })
  return bubble
}

function setRunning(controller: AbortController | null): void {
  running = controller
  sendButton.hidden = controller !== null
  stopButton.hidden = controller === null
}

function showKey(): void {
  const key = sessionStorage.getItem(KEY_PLACE) ?? ''
  keyState.textContent =
    key === '' ? 'Kept in this tab only.' : `Key in use, ends in ${key.slice(-4)}.`
}

function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof type)) throw new TypeError(`no element ${id}`)
  return found
}
