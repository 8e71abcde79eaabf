import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SECRET, World } from './__fixtures__/socket-world.ts'

const LISTEN = 'wss://api.deepgram.com/v1/listen'
const SPEAK = 'wss://api.elevenlabs.io/v1/text-to-speech/Voice1/stream-input'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a socket of another provider', () => {
  it('of xAI has its key from a subprotocol, and is judged as OpenAI’s is', async () => {
    const world = new World('xai', { models: ['grok-voice'] })
    const protocols = [`xai-client-secret.${world.valetKey}`]
    await world.open('wss://api.x.ai/v1/realtime?model=grok-voice', { protocols })

    expect(world.dialled[0]).toMatchObject({
      protocols: [],
      credential: { header: 'authorization', value: `Bearer ${SECRET}` },
    })
    world.handle?.send(JSON.stringify({ type: 'session.update', session: { model: 'grok-4' } }))
    expect(world.ends).toMatchObject([{ reason: 'request.invalid' }])
  })

  it('of Deepgram takes sound as it is, texts of its own kind alone, and costs its bound', async () => {
    const world = new World('deepgram', { models: ['nova-3'] })
    await world.open(`${LISTEN}?model=nova-3`, { protocols: ['token', world.valetKey] })
    const sound = Uint8Array.from([0, 255, 123, 34])
    world.handle?.send(sound)
    world.handle?.send('{"type":"KeepAlive"}')

    expect(world.dialled[0]?.credential.value).toBe(`Token ${SECRET}`)
    expect(world.sent).toEqual([sound, '{"type":"KeepAlive"}'])
    world.handle?.send('{"type":"Configure"}')
    expect(world.ends).toMatchObject([{ reason: 'request.invalid' }])
    expect(await world.row()).toMatchObject({ model: 'nova-3', costSource: 'bound' })
  })

  it.each([
    ['results sent elsewhere (C43)', `${LISTEN}?model=nova-3&callback=https://evil.example.test`],
    ['two models (C40)', `${LISTEN}?model=nova-3&model=nova-2`],
  ])('of Deepgram is refused for %s', async (_name, url) => {
    const world = new World('deepgram')

    await expect(world.open(url, { protocols: [] })).rejects.toMatchObject({
      code: 'request.invalid',
    })
    expect(world.dialled).toEqual([])
  })

  it('of Deepgram sends no sound for a model nobody named (C40)', async () => {
    const world = new World('deepgram', { models: ['nova-3'] })
    await world.open(LISTEN, { protocols: [] })
    world.handle?.send(new Uint8Array(8))

    expect(world.sent).toEqual([])
    expect(world.ends).toMatchObject([{ reason: 'grant.model_denied' }])
  })

  it.each(['xi_api_key', 'pronunciation_dictionary_locators'])(
    'of ElevenLabs has its key from the query, and none in a frame: %s',
    async (name) => {
      const world = new World('elevenlabs')
      const url = `${SPEAK}?model_id=eleven_v3&xi-api-key=${world.valetKey}`
      await world.open(url, { protocols: [] })
      expect(world.dialled[0]).toMatchObject({
        credential: { header: 'xi-api-key', value: SECRET },
      })
      expect(world.dialled[0]?.url.href).toBe(`${SPEAK}?model_id=eleven_v3`)

      world.handle?.send('{"text":"Hello"}')
      world.handle?.send(JSON.stringify({ text: ' ', [name]: ['x'] }))
      expect(world.sent).toEqual(['{"text":"Hello"}'])
      expect(world.ends).toMatchObject([{ reason: 'request.invalid' }])
    },
  )
})
