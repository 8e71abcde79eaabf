import { describe, expect, it } from 'vitest'
import { REPLY_LIMIT_BYTES, WalletError } from '../protocol/index.ts'
import { providerById } from '../providers/index.ts'
import { KeyMatcher } from './key-matcher.ts'
import { createScrubber } from './scrub.ts'

const KEY = ['sk-', 'q7Rw0ZkB4mX9', 'T3Blb', 'kFJp2L8vYc6NdHs1'].join('')
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const text = (parts: readonly Uint8Array[]): string =>
  parts.map((part) => new TextDecoder().decode(part)).join('')

const openai = providerById('openai')
const [chat] = openai.endpoints.filter(({ name }) => name === 'chat.completions')

function scrubber(usageAddedByUs: boolean) {
  if (!chat) throw new TypeError('no chat endpoint')
  const usage = openai.createUsageReader(chat, { usageAddedByUs })
  return { usage, ...createScrubber('text/event-stream', new KeyMatcher(KEY), usage) }
}

const event = (value: object): string => `data: ${JSON.stringify(value)}\n\n`
const token = (content: string): string =>
  event({ choices: [{ index: 0, delta: { content } }], usage: null })
const USAGE = event({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 7 } })

describe('the scrubber of an event stream', () => {
  it('takes the usage event we asked for out of its batch, and nothing else, whatever stands before it', () => {
    const { usage, push, end } = scrubber(true)
    const out = text(push(bytes(`${token('é𝄞')}${USAGE}${token('b')}data: [DONE]\n\n`)))

    expect(out).toBe(`${token('é𝄞')}${token('b')}data: [DONE]\n\n`)
    expect(end()).toEqual([])
    expect(usage.result()).toMatchObject({ usage: { input: 5, output: 7 }, final: true })
  })

  it('leaves the usage event to an app that asked for it', () => {
    const { usage, push } = scrubber(false)

    expect(text(push(bytes(USAGE)))).toBe(USAGE)
    expect(usage.result()).toMatchObject({ usage: { input: 5, output: 7 }, final: true })
  })

  it('removes the key from any event of a batch, and keeps every other byte (C35)', () => {
    const { push } = scrubber(false)
    const batch = `${token('é')}${token(KEY)}${token(`x${KEY}`)}`

    expect(text(push(bytes(batch)))).toBe(batch.replaceAll(KEY, '*'.repeat(KEY.length)))
  })

  it('counts the text it has seen, in bytes', () => {
    const { push, textLength } = scrubber(false)
    push(bytes(token('abc') + token('é')))

    expect(textLength()).toBe(5)
  })

  it('gives the events of one read on in one piece', () => {
    const { push } = scrubber(false)

    expect(push(bytes(token('a').repeat(300)))).toHaveLength(1)
  })
})

describe('the scrubber of a reply', () => {
  it('C64: ends one that decodes to more than a gigabyte, however little came over the wire', () => {
    if (!chat) throw new TypeError('no chat endpoint')
    const usage = openai.createUsageReader(chat, { usageAddedByUs: false })
    const { push } = createScrubber('application/octet-stream', new KeyMatcher(KEY), usage)
    const part = new Uint8Array(64 * 1024 * 1024)
    for (let sent = part.length; sent <= REPLY_LIMIT_BYTES; sent += part.length) push(part)

    expect(() => push(new Uint8Array(1))).toThrow(WalletError)
    // A gigabyte has to pass.
  }, 30_000)
})
