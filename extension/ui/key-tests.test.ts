import { describe, expect, it } from 'vitest'
import { WalletError, type KeyId, type KeyTest } from '@valetkey/wallet/protocol'
import { TESTS_AT_ONCE, sortByState, testEach, type KeyTestState } from './key-tests.ts'

const ids = (count: number) => Array.from({ length: count }, (_, index) => `key-${index}` as KeyId)

/** A background whose tests end when they are told to. */
function createTests() {
  const states = new Map<KeyId, KeyTestState>()
  const running = new Map<KeyId, PromiseWithResolvers<KeyTest['outcome']>>()
  const stop = new AbortController()
  let most = 0
  return {
    states,
    running,
    stop: () => {
      stop.abort()
    },
    most: () => most,
    ports: {
      signal: stop.signal,
      onState: (keyId: KeyId, state: KeyTestState) => states.set(keyId, state),
      check: async (keyId: KeyId) => {
        const test = Promise.withResolvers<KeyTest['outcome']>()
        running.set(keyId, test)
        most = Math.max(most, running.size)
        return test.promise.finally(() => running.delete(keyId))
      },
    },
    /** The provider answers the oldest question. */
    async answer(outcome: KeyTest['outcome'] | WalletError) {
      const [[, test] = []] = running
      if (outcome instanceof WalletError) test?.reject(outcome)
      else test?.resolve(outcome)
      await new Promise(setImmediate)
    },
  }
}

describe('testing many keys', () => {
  it('asks about every key once, never more than a few at a time', async () => {
    const tests = createTests()
    const done = testEach(ids(10), tests.ports)
    while (tests.running.size > 0) await tests.answer('works')
    await done

    expect([...tests.states]).toEqual(ids(10).map((id) => [id, 'works']))
    expect(tests.most()).toBe(TESTS_AT_ONCE)
  })

  it('begins no further test once it is stopped, and keeps what was found', async () => {
    const tests = createTests()
    const done = testEach(ids(10), tests.ports)
    await tests.answer('works')
    tests.stop()
    while (tests.running.size > 0) await tests.answer('refused')
    await done

    expect([...tests.states.values()]).toEqual(['works', 'refused', 'refused', 'refused'])
  })

  it('goes on after a key that is gone', async () => {
    const tests = createTests()
    const done = testEach(ids(4), tests.ports)
    await tests.answer(new WalletError('request.not_found'))
    while (tests.running.size > 0) await tests.answer('works')
    await done

    expect([...tests.states.values()]).toEqual(['failed', 'works', 'works', 'works'])
  })

  it('stops when the vault locks, and says so', async () => {
    const tests = createTests()
    const done = testEach(ids(10), tests.ports)
    const refused = expect(done).rejects.toMatchObject({ code: 'vault.locked' })
    await tests.answer(new WalletError('vault.locked'))
    while (tests.running.size > 0) await tests.answer('works')
    await refused

    expect(tests.states.size).toBe(TESTS_AT_ONCE)
  })

  it('puts the keys that need the person on top', () => {
    const keys = ids(5).map((keyId) => ({ keyId }))
    const [first, second, third, fourth] = ids(5)
    const states = new Map([
      [first, 'works'],
      [second, 'limited'],
      [third, 'refused'],
      [fourth, 'works'],
    ] as [KeyId, KeyTestState][])

    const sorted = sortByState(keys, states).map(({ keyId }) => keyId)

    expect(sorted).toEqual(['key-2', 'key-1', 'key-4', 'key-0', 'key-3'])
  })
})
