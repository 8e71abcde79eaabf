import { createHash } from 'node:crypto'
import { defaultTerms } from '@valetkey/wallet/grants'
import type { Page } from 'puppeteer'
import { beforeAll, describe, expect, it } from 'vitest'
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

const VOICE = 'https://api.elevenlabs.io/v1/text-to-speech/Voice1'
const LISTEN = 'https://api.deepgram.com/v1/listen?model=nova-3'
const SOON = { timeout: 5000 }

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64')

describe('bytes that are no text', () => {
  const world = useWorld('keys', {
    providers: ['mistral', 'elevenlabs', 'deepgram'],
    given: ['wss://api.elevenlabs.io/*', 'wss://api.deepgram.com/*'],
  })
  beforeAll(switchOn)

  /** What comes of something the person is asked about, and allows. */
  async function allowed<T>(call: Promise<T>): Promise<T> {
    const [result] = await Promise.all([call, world.driver.answerConsent('allow')])
    return result
  }

  it('come down and go up to the byte; a key among them is blotted out, and nothing else (C35)', async () => {
    const { driver, fakes } = world
    const page = await world.emptyPage()
    const valetKey = await driver.valetKey(APP, 'mistral')
    const sound = noise(300_000)
    const at = 1000
    const leaking = Buffer.from(sound)
    const size = leaking.write(world.keys.mistral, at, 'latin1')

    fakes.behave({ path: /speech/, times: 1, body: sound, contentType: 'audio/mpeg' })
    expect(await allowed(speak(page, valetKey))).toEqual(digestOf(sound))

    fakes.behave({ path: /speech/, times: 1, body: leaking, contentType: 'audio/mpeg' })
    const seen = await allowed(speak(page, valetKey))
    expect(seen.size).toBe(leaking.length)
    expect(seen.sha256).not.toBe(sha256(leaking))
    expect(seen.ends).toBe(
      sha256(Buffer.concat([sound.subarray(0, at), sound.subarray(at + size)])),
    )

    fakes.behave({ path: /transcriptions/, times: 1, body: '{"text":"Hello"}' })
    expect(await allowed(transcribe(page, valetKey, sound))).toBe(200)
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

    function speak(app: Page, bearer: string) {
      return app.evaluate(speakInPage, { url: SPEECH, bearer, at, size })
    }
  })

  it('of ElevenLabs and Deepgram come down and go up to the byte, by a call and live', async () => {
    const { driver, fakes } = world
    const page = await world.emptyPage()
    const voiceKey = await driver.valetKey(APP, 'elevenlabs')
    const hearingKey = await driver.valetKey(APP, 'deepgram')
    const sound = noise(100_000)

    fakes.behave({ path: /text-to-speech/, times: 1, body: sound, contentType: 'audio/mpeg' })
    const spoken = { url: VOICE, header: 'xi-api-key', value: voiceKey, body: '{"text":"Hello"}' }
    expect(await allowed(page.evaluate(callInPage, spoken))).toEqual({
      ...{ status: 200, sha256: sha256(sound) },
    })
    expect(fakes.requests.at(-1)?.key).toBe(world.keys.elevenlabs)

    fakes.behave({ path: /listen/, times: 1, body: '{"results":{}}' })
    const heard = { url: LISTEN, header: 'authorization', value: `Token ${hearingKey}` }
    const recording = { type: 'audio/wav', base64: sound.toString('base64') }
    expect(await allowed(page.evaluate(callInPage, { ...heard, ...recording }))).toMatchObject({
      status: 200,
    })
    expect(fakes.requests.at(-1)?.key).toBe(world.keys.deepgram)
    expect(sha256(fakes.requests.at(-1)?.body ?? Buffer.alloc(0))).toBe(sha256(sound))

    fakes.answerSockets((frame, socket) => {
      if (frame !== null) socket.send(typeof frame === 'string' ? '{"type":"Metadata"}' : frame)
    })
    const live = { url: LISTEN.replace('https', 'wss'), protocols: ['token', hearingKey] }
    const frames = { sound: recording.base64, text: '{"type":"CloseStream"}' }
    expect(await allowed(page.evaluate(talkInPage, { ...live, ...frames }))).toEqual([
      ...[sha256(sound), '{"type":"Metadata"}'],
    ])
    expect(fakes.sockets.at(-1)).toMatchObject({ key: world.keys.deepgram, protocols: [] })

    const url = `${VOICE.replace('https', 'wss')}/stream-input?model_id=eleven_v3&xi-api-key=${voiceKey}`
    const told = { url, protocols: [], sound: null, text: '{"text":"Hello","xi_api_key":"x"}' }
    expect(await allowed(page.evaluate(talkInPage, told))).toEqual(['4400 request.invalid'])
    const asked = fakes.sockets.at(-1)
    expect([asked?.key, asked?.path, asked?.frames]).toEqual([
      world.keys.elevenlabs,
      '/v1/text-to-speech/Voice1/stream-input?model_id=eleven_v3',
      [],
    ])
    await expect.poll(() => fakes.sockets.every(({ end }) => end !== null), SOON).toBe(true)
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
      capabilities: ['speech', 'transcription', 'realtime'],
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

/** Runs in the page: a call, and the digest of what came. */
async function callInPage(asked: {
  url: string
  header: string
  value: string
  body?: string
  type?: string
  base64?: string
}) {
  const { url, header, value, type = 'application/json', base64 } = asked
  const headers = { [header]: value, 'content-type': type }
  const body =
    base64 === undefined ? asked.body : Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
  const reply = await fetch(url, { method: 'POST', headers, body: body ?? null })
  const digest = await crypto.subtle.digest('SHA-256', await reply.arrayBuffer())
  return { status: reply.status, sha256: btoa(String.fromCharCode(...new Uint8Array(digest))) }
}

/** Runs in the page: sends sound and text, and says what came back, or how it was ended instead. */
async function talkInPage(asked: {
  url: string
  protocols: string[]
  sound: string | null
  text: string
}): Promise<string[]> {
  const socket = new WebSocket(asked.url, asked.protocols)
  socket.binaryType = 'arraybuffer'
  const replies: string[] = []
  const expected = asked.sound === null ? 1 : 2
  const over = new Promise<void>((resolve) => {
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      void (async () => {
        if (typeof data === 'string') replies.push(data)
        else {
          const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data))
          replies.unshift(btoa(String.fromCharCode(...digest)))
        }
        if (replies.length === expected) resolve()
      })()
    }
    socket.onclose = ({ code, reason }) => {
      replies.push(`${code} ${reason}`)
      resolve()
    }
  })
  await new Promise((resolve) => {
    socket.onopen = resolve
  })
  if (asked.sound !== null)
    socket.send(Uint8Array.from(atob(asked.sound), (one) => one.charCodeAt(0)))
  socket.send(asked.text)
  await over
  socket.onclose = null
  socket.close()
  return replies
}
