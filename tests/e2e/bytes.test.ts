import { createHash } from 'node:crypto'
import { defaultTerms } from '@valetkey/wallet/grants'
import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { APP, useWorld } from './world.ts'

const SPEECH = 'https://api.mistral.ai/v1/audio/speech'
const TRANSCRIPTIONS = 'https://api.mistral.ai/v1/audio/transcriptions'

/** Bytes in an order of their own: most of it is no UTF-8. */
function noise(sizeBytes: number): Buffer {
  let state = 0x5eed
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 16
  }
  return Buffer.from(Uint8Array.from({ length: sizeBytes }, next))
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64')

describe('bytes that are no text', () => {
  const world = useWorld('keys', { providers: ['mistral'] })

  it('come down and go up to the byte; a key among them is blotted out, and nothing else (C35)', async () => {
    const { driver, fakes } = world
    await switchOn()
    const page = await world.emptyPage()
    const valetKey = await driver.valetKey(APP, 'mistral')
    const sound = noise(300_000)
    const at = 1000
    const leaking = Buffer.from(sound)
    const size = leaking.write(world.keys.mistral, at, 'latin1')

    fakes.behave({ path: /speech/, times: 1, body: sound, contentType: 'audio/mpeg' })
    expect(await answered(speak(page, valetKey))).toEqual(digestOf(sound))

    fakes.behave({ path: /speech/, times: 1, body: leaking, contentType: 'audio/mpeg' })
    const seen = await answered(speak(page, valetKey))
    expect(seen.size).toBe(leaking.length)
    expect(seen.sha256).not.toBe(sha256(leaking))
    expect(seen.ends).toBe(
      sha256(Buffer.concat([sound.subarray(0, at), sound.subarray(at + size)])),
    )

    fakes.behave({ path: /transcriptions/, times: 1, body: '{"text":"Hello"}' })
    expect(await answered(transcribe(page, valetKey, sound))).toBe(200)
    const sent = fakes.requests.find(({ path }) => path.endsWith('/transcriptions'))
    const body = sent?.body ?? Buffer.alloc(0)
    const start = body.indexOf(sound.subarray(0, 64))
    expect(sent?.headers['content-type']).toContain('multipart/form-data; boundary=')
    expect(sha256(body.subarray(start, start + sound.length))).toBe(sha256(sound))

    /** The cut-out part may be written over by anything of its length. */
    function digestOf(bytes: Buffer) {
      const ends = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)])
      return { size: bytes.length, sha256: sha256(bytes), ends: sha256(ends) }
    }

    async function answered<T>(call: Promise<T>): Promise<T> {
      const [result] = await Promise.all([call, driver.answerConsent('allow')])
      return result
    }

    function speak(app: Page, bearer: string) {
      return app.evaluate(speakInPage, { url: SPEECH, bearer, at, size })
    }
  })

  /** What is billed by the second is asked about each time, which a budget has to have room for. */
  async function switchOn(): Promise<void> {
    const popup = await world.window('popup.html')
    const { keys } = await askFrom(popup, 'key.list', {})
    await popup.close()
    const offered = keys.map(({ id, provider }) => ({ keyId: id, provider }))
    const terms = defaultTerms({
      now: Date.now(),
      keys: offered,
      capabilities: ['speech', 'transcription'],
    })
    const budgets = [{ usd: '500.00', window: 'month' as const }]
    await world.driver.switchOnSite(APP, { ...terms, budgets })
  }
})

function transcribe(page: Page, bearer: string, sound: Buffer): Promise<number> {
  return page.evaluate(transcribeInPage, {
    url: TRANSCRIPTIONS,
    bearer,
    sound: sound.toString('base64'),
  })
}

async function speakInPage(asked: { url: string; bearer: string; at: number; size: number }) {
  const reply = await fetch(asked.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${asked.bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'voxtral-mini', input: 'Hello', voice: 'a' }),
  })
  const bytes = new Uint8Array(await reply.arrayBuffer())
  const digest = async (part: Uint8Array<ArrayBuffer>) =>
    btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', part))))
  const ends = new Uint8Array(bytes.length - asked.size)
  ends.set(bytes.subarray(0, asked.at))
  ends.set(bytes.subarray(asked.at + asked.size), asked.at)
  return { size: bytes.length, sha256: await digest(bytes), ends: await digest(ends) }
}

async function transcribeInPage(asked: { url: string; bearer: string; sound: string }) {
  const form = new FormData()
  form.append('model', 'voxtral-mini')
  const bytes = Uint8Array.from(atob(asked.sound), (one) => one.charCodeAt(0))
  form.append('file', new Blob([bytes], { type: 'audio/wav' }), 'sound.wav')
  const headers = { authorization: `Bearer ${asked.bearer}` }
  const reply = await fetch(asked.url, { method: 'POST', headers, body: form })
  return reply.status
}
