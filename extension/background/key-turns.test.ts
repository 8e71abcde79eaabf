import { beforeEach, describe, expect, it } from 'vitest'
import { createId, type GrantId, type KeyId } from '@valetkey/wallet/protocol'
import { createSeededRandom } from '@valetkey/wallet/testing'
import { createKeyTurns } from './key-turns.ts'

const random = createSeededRandom('turns')
const grantId = createId<GrantId>(random)
const [one, two] = [createId<KeyId>(random), createId<KeyId>(random)]
let stored: Record<string, KeyId>
let fails: boolean

/** A worker's life: nothing but `storage.session` survives it. */
const wake = () =>
  createKeyTurns({
    read: () => (fails ? Promise.reject(new Error('gone')) : Promise.resolve(stored)),
    write: (next) => Promise.resolve(void (stored = next)),
  })

beforeEach(() => {
  stored = {}
  fails = false
})

describe('the turn of a key', () => {
  it('is remembered by grant and provider, also by the next worker', async () => {
    const turns = wake()
    expect(await turns.read(grantId, 'openai')).toBeNull()
    turns.write(grantId, 'openai', one)
    turns.write(grantId, 'groq', two)
    expect(await turns.read(grantId, 'openai')).toBe(one)
    await new Promise((resolve) => setTimeout(resolve))

    expect(await wake().read(grantId, 'openai')).toBe(one)
    expect(await wake().read(grantId, 'groq')).toBe(two)
    expect(await wake().read(createId<GrantId>(random), 'openai')).toBeNull()
  })

  it('is nobody’s where the memory cannot be read: a call is made all the same', async () => {
    fails = true

    expect(await wake().read(grantId, 'openai')).toBeNull()
  })
})
