import { beforeEach, describe, expect, it } from 'vitest'
import { WalletError } from '../protocol/index.ts'
import { APP, GRANT_ID, SECRET, World, read } from './__fixtures__/call-world.ts'

const credential = { grantRef: GRANT_ID }
let world: World

beforeEach(() => {
  world = new World()
})

describe('a call of a connected app', () => {
  it('is made with the key of its host’s provider, and none of what the page sent as one', async () => {
    const headers: [string, string][] = [
      ['authorization', 'Bearer anything'],
      ['content-type', 'application/json'],
    ]

    const reply = await read(await world.call({ credential, headers }))

    expect(reply.status).toBe(200)
    expect(world.sent[0]?.headers.get('authorization')).toBe(`Bearer ${SECRET}`)
  })

  it('is nobody’s from another origin (C18)', async () => {
    const stranger = { ...APP, origin: 'https://other.example.test' }

    const { status, headers } = await read(await world.call({ credential }, stranger))

    expect([status, headers['x-valetkey-error']]).toEqual([403, 'grant.missing'])
    expect(world.sent).toEqual([])
  })

  it('is refused for a provider the grant does not name', async () => {
    const url = 'https://api.anthropic.com/v1/messages'

    const { headers } = await read(await world.call({ credential, url }))

    expect(headers['x-valetkey-error']).toBe('grant.denied')
    expect(world.foreignHosts).toEqual([])
  })

  it.each([
    ['a host that is no provider’s', 'https://app.example.test/api/chat', 'request.unsupported'],
    ['a host before any grant', 'https://evil.test/', 'grant.missing'],
  ])('is never left to the page: %s', async (_, url, code) => {
    const own = code === 'grant.missing' ? { grantRef: 'CCCCCCCCCCCCCCCCCCCCCA' } : credential

    await expect(world.call({ credential: own, url })).rejects.toThrow(
      new WalletError(code as never),
    )
    expect([world.sent, world.foreignHosts]).toEqual([[], []])
  })

  it('says that the vault is locked', async () => {
    world.locked = true

    const { headers } = await read(await world.call({ credential }))

    expect(headers['x-valetkey-error']).toBe('vault.locked')
  })
})
