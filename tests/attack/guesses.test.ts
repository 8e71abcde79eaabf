import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { CHAT_URL, APP, chatInit, useWorld } from '../e2e/world.ts'

/** Lengths of the guesses: from one to the next, every length is tried against a wrong one. */
const PREFIXES = [9, 12, 16, 24, 48, 80, 120]
const TAILS = [4, 8, 16, 32, 80]
const GAP_MS = 150
/** A machine at work puts two pieces into one read now and then: with a hold-back it is every time. */
const ATTEMPTS = 4

/** Two texts of one form: a part of the key, and what is none. */
interface Guess {
  readonly right: string
  readonly wrong: string
}

/** What a page sees of a reply. */
interface Heard {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** Bytes of each read. */
  readonly reads: readonly number[]
}

describe('a page that makes the model say what it guesses of the key', () => {
  const world = useWorld('site')
  const guesses = () => guessesOf(world.keys.openai)

  /** Lets the page send these texts, and the provider say them back. */
  async function ask(page: Page, said: readonly string[], reply: object): Promise<Heard> {
    world.fakes.behave({ ...reply, times: 1 })
    const messages = [{ role: 'user', content: said.join(' ') }]
    const init = chatInit(await world.driver.valetKey(APP, 'openai'), { messages })
    const heard = await hear(page, init)
    world.fakes.reset()
    return heard
  }

  it.each([
    ['an event stream', 'text/event-stream', eventPieces],
    ['a body', 'application/json', bodyPieces],
  ] as const)(
    'C111: an answer as %s brings right guesses as it brings wrong ones, read for read',
    async (_form, contentType, pieces) => {
      const page = await world.emptyPage()
      const hearSaid = async (said: readonly string[]): Promise<Heard> => {
        const { body, pieceBytes } = pieces(said)
        return ask(page, said, { body, contentType, pieceBytes, gapMs: GAP_MS })
      }
      let reads: readonly (readonly number[])[] = []
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const said = guesses().map(({ right }) => right)
        const other = guesses().map(({ wrong }) => wrong)
        const [right, wrong] = [await hearSaid(said), await hearSaid(other)]
        expect(fates(right.text, said)).toEqual(said.map(() => 'as said'))
        expect(fates(wrong.text, other)).toEqual(other.map(() => 'as said'))
        reads = [right.reads, wrong.reads]
        if (String(right.reads) === String(wrong.reads)) break
      }
      expect(reads[0]).toEqual(reads[1])
      expect(reads[0]?.length).toBeGreaterThan(guesses().length)
    },
  )

  it.each([400, 401, 429, 500])(
    'C111: an error of status %i treats right guesses as it treats wrong ones',
    async (status) => {
      const page = await world.emptyPage()
      const fatesOf = async (said: readonly string[]) => {
        const message = said.map((guess, index) => `[${index}:${guess}]`).join(' ')
        const body = JSON.stringify({ error: { message, type: 'invalid_request_error' } })
        const heard = await ask(page, said, { status, body })
        expect(heard.status).toBe(status)
        return { fates: fates(heard.text, said), headers: Object.keys(heard.headers).sort() }
      }

      const right = await fatesOf(guesses().map((guess) => guess.right))

      expect(right).toEqual(await fatesOf(guesses().map((guess) => guess.wrong)))
    },
  )

  it('C111: headers bring right guesses as they bring wrong ones', async () => {
    const page = await world.emptyPage()
    const headersOf = async (said: readonly string[]) => {
      const headers = Object.fromEntries(
        said.map((guess, index) => [`x-ratelimit-guess-${index}`, guess]),
      )
      const heard = await ask(page, said, { headers })
      return said.map((guess, index) => heard.headers[`x-ratelimit-guess-${index}`] === guess)
    }

    expect(await headersOf(guesses().map(({ right }) => right))).toEqual(guesses().map(() => true))
    expect(await headersOf(guesses().map(({ wrong }) => wrong))).toEqual(guesses().map(() => true))
  })
})

/** Starts, ends and encoded starts of a key, each beside one that parts from it where the last one ended. */
function guessesOf(key: string): readonly Guess[] {
  const starts = ladder([...PREFIXES, key.length - 1], 8).map(([length, from]) => ({
    right: key.slice(0, length),
    wrong: spoiled(key, from).slice(0, length),
  }))
  const ends = ladder([...TAILS, key.length - 1], 0).map(([length, from]) => ({
    right: key.slice(-length),
    wrong: spoiled(key, key.length - 1 - from).slice(-length),
  }))
  const long = starts.slice(-2)
  const encoded = (['base64', 'hex'] as const).flatMap((form) =>
    long.map(({ right, wrong }) => ({
      right: Buffer.from(right).toString(form),
      wrong: Buffer.from(wrong).toString(form),
    })),
  )
  return [...starts, ...ends, ...encoded]
}

/** Each length with the one before it. */
function ladder(lengths: readonly number[], first: number): readonly (readonly [number, number])[] {
  return lengths.map((length, index) => [length, lengths[index - 1] ?? first])
}

/** The key with another character of the same kind at one place. */
function spoiled(key: string, at: number): string {
  const kinds = ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz', '0123456789']
  const character = key.charAt(at)
  const kind = kinds.find((letters) => letters.includes(character)) ?? 'xX'
  const other = kind.charAt((kind.indexOf(character) + 1) % kind.length)
  return key.slice(0, at) + other + key.slice(at + 1)
}

/** One event a guess, all of the same length: the fake's writes are whole events. */
function eventPieces(said: readonly string[]): { body: string; pieceBytes: number } {
  const event = (content: string) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`
  const events = said.map((guess, index) => event(`[${index}:${guess}]`))
  const size = Math.max(...events.map(({ length }) => length)) + 4
  const padded = events.map((text) => `: ${' '.repeat(size - text.length - 3)}\n${text}`)
  return { body: `${padded.join('')}data: [DONE]\n\n`, pieceBytes: size }
}

/** Each of the fake's writes ends with a guess: what would hold one back has to hold it here. */
function bodyPieces(said: readonly string[]): { body: string; pieceBytes: number } {
  const size = 2 * Math.max(...said.map(({ length }) => length)) + 64
  const parts = said.map((guess, index) => {
    const [start, end] = [index === 0 ? '{"text":"' : ']', `[${index}:${guess}`]
    return start + ' '.repeat(size - start.length - end.length) + end
  })
  return { body: `${parts.join('')}]"}`, pieceBytes: size }
}

/** What became of each guess: as it was said, or what stands in its place. */
function fates(text: string, said: readonly string[]): readonly string[] {
  const found = [...text.matchAll(/\[(\d+):([^\]]*)\]/g)].map(([, , words]) => words)
  return said.map((guess, index) => (found[index] === guess ? 'as said' : String(found[index])))
}

function hear(page: Page, init: object): Promise<Heard> {
  return page.evaluate(
    async (url, given) => {
      const reply = await fetch(url, given)
      const reader = reply.body?.getReader()
      const decoder = new TextDecoder()
      const reads: number[] = []
      let text = ''
      for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
        reads.push(part.value.length)
        text += decoder.decode(part.value, { stream: true })
      }
      const headers = Object.fromEntries(reply.headers.entries())
      return { status: reply.status, headers, text, reads }
    },
    CHAT_URL,
    init,
  )
}
