import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { providerById, type UsageReader } from '../providers/index.ts'
import { FUZZED, tryInputs } from '../testing/fuzz.ts'
import { cutAt } from './__fixtures__/cut-at.ts'
import { KeyMatcher } from './key-matcher.ts'
import { createScrubber } from './scrub.ts'

type Bytes = Uint8Array<ArrayBuffer>

const STREAM = 'text/event-stream; charset=utf-8'
const CONTENT_TYPES = [STREAM, 'application/json', 'text/plain', 'audio/mpeg']
const STAR = 0x2a

/** The forms of C35, written down a second time. */
function formsOf(key: string): readonly Buffer[] {
  const hex = Buffer.from(key).toString('hex')
  const percent = hex.replaceAll(/../g, '%$&')
  const base64 = [0, 1, 2].map((offset) => {
    const [first, last] = [Math.ceil((offset * 4) / 3), Math.floor(((offset + key.length) * 4) / 3)]
    return Buffer.from('\0'.repeat(offset) + key)
      .toString('base64')
      .slice(first, last)
  })
  const url = base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))
  const texts = [key, hex, hex.toUpperCase(), percent, percent.toUpperCase(), ...base64, ...url]
  return texts.map((text) => Buffer.from(text))
}

/** For each byte, whether it is of a form of the key. */
function covered(bytes: Buffer, forms: readonly Buffer[]): readonly boolean[] {
  const isCovered = new Array<boolean>(bytes.length).fill(false)
  for (const form of forms) {
    for (let at = bytes.indexOf(form); at !== -1; at = bytes.indexOf(form, at + 1)) {
      isCovered.fill(true, at, at + form.length)
    }
  }
  return isCovered
}

interface Passed {
  readonly bytes: Buffer
  readonly usage: ReturnType<UsageReader['result']>
  readonly textLength: number
}

function passed(
  parts: readonly Bytes[],
  key: string,
  contentType: string,
  usageAddedByUs = false,
): Passed {
  const openai = providerById('openai')
  const chat = openai.endpoints.find(({ name }) => name === 'chat.completions')
  if (!chat) throw new TypeError('no chat endpoint')
  const usage = openai.createUsageReader(chat, { usageAddedByUs })
  const scrubber = createScrubber(contentType, new KeyMatcher(key), usage)
  // A part is ours from here on: it may be written to.
  const out = parts.flatMap((part) => scrubber.push(part.slice()))
  out.push(...scrubber.end())
  return {
    bytes: Buffer.concat(out),
    usage: usage.result(),
    textLength: scrubber.textLength(),
  }
}

const character = fc.constantFrom(
  ...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'),
)
const key = fc
  .array(character, { minLength: 20, maxLength: 60 })
  .map((characters) => `sk-${characters.join('')}`)
const cuts = fc.array(fc.nat(), { maxLength: 12 })
const noise = fc.oneof(
  fc.constantFrom(
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    'data: ',
    'data:',
    ': ',
    '"',
    '\\u0041',
    '*',
    '%',
    'é',
    '𝄞',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
)

/** A reply with the key in it whole, coded or in part, and the key. */
const echo = key.chain((secret) => {
  const forms = formsOf(secret)
  const part = fc
    .tuple(fc.constantFrom(...forms), fc.nat(), fc.nat())
    .map(([form, from, to]) => form.subarray(from % form.length, to % (form.length + 1)))
  const piece = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...forms) },
    { weight: 1, arbitrary: part },
    { weight: 3, arbitrary: noise.map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }).map((raw) => Buffer.from(raw)) },
  )
  const reply = fc.array(piece, { maxLength: 14 }).map((pieces) => Buffer.concat(pieces))
  return fc.tuple(fc.constant(secret), reply)
})

describe('whatever a provider echoes, however the network cuts it', () => {
  it('no form of the key passes, and no other byte is touched (C35)', FUZZED, async () => {
    await tryInputs(
      3000,
      fc.property(
        echo,
        cuts,
        fc.constantFrom(...CONTENT_TYPES),
        ([secret, reply], places, type) => {
          const { bytes } = passed(cutAt(reply, places), secret, type)

          const forms = formsOf(secret)
          const isCovered = covered(reply, forms)
          expect(bytes.length).toBe(reply.length)
          for (const form of forms) expect(bytes.includes(form)).toBe(false)
          const wrong = reply.findIndex((byte, at) => {
            const now = bytes[at]
            // Of two forms that overlap, one that is gone may leave the end of the other.
            return isCovered[at] ? now !== STAR && now !== byte : now !== byte
          })
          expect(wrong).toBe(-1)
        },
      ),
    )
  })

  it('a key cut at any two bytes is masked whole (C35)', () => {
    const secret = ['sk-', 'q7Rw0ZkB4mX9', 'T3Blb', 'kFJp2L8vYc6NdHs1'].join('')
    const reply = Buffer.from(`data: {"x":"${secret}"}\r\n\r\n`)
    const masked = reply.toString().replace(secret, '*'.repeat(secret.length))

    for (const type of [STREAM, 'application/json']) {
      for (let first = 0; first <= reply.length; first++) {
        for (let second = first; second <= reply.length; second++) {
          const { bytes } = passed(cutAt(reply, [first, second]), secret, type)
          if (bytes.toString() !== masked) expect.fail(`cut at ${first} and ${second}: ${type}`)
        }
      }
    }
  })
})

const token = fc
  .string({ unit: 'binary', maxLength: 12 })
  .map((content) => ({ choices: [{ index: 0, delta: { content } }] }))
const usageOf = fc.tuple(fc.nat({ max: 1e6 }), fc.nat({ max: 1e6 })).map(([input, output]) => ({
  choices: [],
  usage: { prompt_tokens: input, completion_tokens: output },
}))
const event = fc
  .tuple(
    fc.oneof({ weight: 5, arbitrary: token }, usageOf).map((value) => JSON.stringify(value)),
    fc.constantFrom('data: ', 'data:'),
    fc.constantFrom('', ': ping\n', 'event: x\r\n', 'id: 1\r'),
    fc.constantFrom('\n\n', '\r\n\r\n', '\r\r'),
  )
  .map(([json, name, before, end]) => `${before}${name}${json}${end}`)
const eventStream = fc
  .array(event, { maxLength: 12 })
  .map((events) => Buffer.from(`${events.join('')}data: [DONE]\n\n`))

describe('an event stream, however the network cuts it', () => {
  it('is passed on and metered as if it came in one piece', FUZZED, async () => {
    await tryInputs(
      2000,
      fc.property(eventStream, cuts, fc.boolean(), (stream, places, usageAddedByUs) => {
        const secret = 'sk-never-in-it-0123456789'
        const whole = passed(cutAt(stream, []), secret, STREAM, usageAddedByUs)
        const cut = passed(cutAt(stream, places), secret, STREAM, usageAddedByUs)

        expect(withoutLoneLineFeeds(cut.bytes)).toBe(withoutLoneLineFeeds(whole.bytes))
        expect(cut.usage).toEqual(whole.usage)
        expect(cut.textLength).toBe(whole.textLength)
        // What we asked for and the app did not is taken out; else nothing is.
        if (!usageAddedByUs) expect(cut.bytes.equals(stream)).toBe(true)
        else expect(cut.bytes.includes('"prompt_tokens"')).toBe(false)
      }),
    )
  })
})

/**
 * An event that ends in CR is complete before it is known whether LF follows: that LF then stays behind
 * alone, and ends an event of nothing.
 */
function withoutLoneLineFeeds(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replaceAll('\r\n', '\r')
    .replaceAll(/(?<=^|[\r\n])\n/g, '')
}
