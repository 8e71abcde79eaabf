import { describe, expect, it } from 'vitest'
import type { Grant } from '../protocol/index.ts'
import { APP, World, chat, read } from './__fixtures__/call-world.ts'
import { runRelayedCall } from './run-relayed-call.ts'

const subject = { clientId: 'vk_cid_0000000000000000000000', server: 'https://sync.example' }
const call = (body: object, path = '/v1/chat/completions') => ({
  ...{ method: 'POST', path, headers: [['authorization', 'Bearer of the app']] as const },
  body: new TextEncoder().encode(JSON.stringify(body)),
})
const messages = [{ role: 'user', content: 'Hi' }]

function linked() {
  const world = new World()
  if (!world.grant) throw new Error('a new world has one')
  const grant: Grant = { ...world.grant, subject }
  world.grant = grant
  const run = (made: ReturnType<typeof call>, of: Pick<Grant, 'id' | 'subject'> = grant) =>
    runRelayedCall(made, of, world.ports, new AbortController().signal)
  return { world, grant, run }
}

describe('a relayed call', () => {
  it('is made and metered as any call of its grant', async () => {
    const { world, run } = linked()
    const reply = await run(call({ model: 'openai/gpt-4o-mini', messages }))

    expect((await read(reply)).status).toBe(200)
    await reply.settled
    expect(world.sent.map(({ url }) => String(url))).toEqual([chat().url])
    expect(world.sent[0]?.headers.get('authorization')).not.toContain('of the app')
    expect(await world.rows()).toHaveLength(1)
  })

  it('reaches a provider’s own address, on that provider’s host', async () => {
    const { world, run } = linked()
    await run(call({ model: 'gpt-4o-mini', messages }, '/passthrough/openai/v1/chat/completions'))

    expect(world.sent.map(({ url }) => String(url))).toEqual([chat().url])
    const nowhere = ['/passthrough/nobody/v1/x', '/passthrough/openai@evil/x']
    for (const path of nowhere) {
      await expect(run(call({}, path))).rejects.toMatchObject({ code: 'request.unsupported' })
    }
  })

  it('C106: asks nobody, is refused for a page’s grant, and for one that was taken back', async () => {
    const { world, grant, run } = linked()
    world.grant = { ...grant, terms: { ...grant.terms, askAlways: true } }
    world.says = 'allow'
    const made = call({ model: 'openai/gpt-4o-mini', messages })
    expect((await read(await run(made))).headers['x-valetkey-error']).toBe('grant.consent_required')
    world.grant = { ...grant, status: 'revoked' }
    expect((await read(await run(made))).headers['x-valetkey-error']).toBe('grant.revoked')
    world.grant = null
    expect((await read(await run(made))).headers['x-valetkey-error']).toBe('grant.missing')
    const ofPage = { id: grant.id, subject: { origin: APP.origin } }
    await expect(run(made, ofPage)).rejects.toMatchObject({ code: 'grant.missing' })

    expect(world.sent).toEqual([])
  })

  it('lists the chat models of its grant, and asks nobody for them', async () => {
    const { world, grant, run } = linked()
    const list = { ...call({}, '/v1/models'), method: 'GET', body: new Uint8Array() }
    const models = async () => {
      const { text } = await read(await run(list))
      return (JSON.parse(text) as { data: { id: string }[] }).data.map(({ id }) => id)
    }
    const [first] = grant.terms.providers
    if (!first) throw new Error('a new grant has a provider')
    const withTerms = (...providers: Grant['terms']['providers']) => {
      world.grant = { ...grant, terms: { ...grant.terms, providers } }
    }
    withTerms({ ...first, models: 'any', capabilities: ['chat'] })
    const all = await models()
    expect(all).toContain('openai/gpt-4o-mini')
    expect(all.every((id) => id.startsWith('openai/'))).toBe(true)
    expect(all.some((id) => /embedding|whisper|dall-e/.test(id))).toBe(false)
    withTerms({ ...first, models: ['gpt-4o-mini', 'mine'], capabilities: ['chat'] })
    expect(await models()).toEqual(['openai/gpt-4o-mini', 'openai/mine'])
    withTerms({ ...first, models: ['gpt-4o*'], capabilities: ['chat'] })
    const some = await models()
    expect(some.length).toBeGreaterThan(1)
    expect(some.every((id) => id.startsWith('openai/gpt-4o'))).toBe(true)
    withTerms({ ...first, models: 'any', capabilities: ['embedding'] })
    expect(await models()).toEqual([])
    for (const [status, code] of [
      ['revoked', 'grant.revoked'],
      ['paused', 'grant.paused'],
      ['pending', 'grant.missing'],
    ] as const) {
      world.grant = { ...grant, status }
      await expect(run(list)).rejects.toMatchObject({ code })
    }
    world.grant = null
    await expect(run(list)).rejects.toMatchObject({ code: 'grant.missing' })

    expect(world.sent).toEqual([])
    expect(await world.rows()).toHaveLength(0)
  })
})
