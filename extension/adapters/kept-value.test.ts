import { describe, expect, it } from 'vitest'
import { keepValue } from './kept-value.ts'

/** A store whose steps end when the test says so. */
function slowStore() {
  const steps: { end: (failure?: Error) => void }[] = []
  const step = <T>(value: T): Promise<T> =>
    new Promise((resolve, reject) => {
      steps.push({
        end: (failure) => {
          if (failure) reject(failure)
          else resolve(value)
        },
      })
    })
  return {
    steps,
    kept: keepValue(
      () => step('old'),
      (value: string) => step(value).then(() => undefined),
    ),
  }
}

describe('a kept value', () => {
  it('is read from the store once', async () => {
    let reads = 0
    const kept = keepValue(
      () => Promise.resolve((reads += 1)),
      () => Promise.resolve(),
    )

    expect([await kept.read(), await kept.read()]).toEqual([1, 1])
  })

  it('is the new one for whoever asks once a write began, and only when it is written', async () => {
    const { steps, kept } = slowStore()
    const written = kept.write('new')
    let seen = ''
    const reading = kept.read().then((value) => (seen = value))
    await Promise.resolve()

    expect(seen).toBe('')
    steps[0]?.end()
    await Promise.all([written, reading])
    expect(seen).toBe('new')
  })

  it('is not made old again by a read that began before the write', async () => {
    const { steps, kept } = slowStore()
    const early = kept.read()
    const written = kept.write('new')
    steps[1]?.end()
    await written
    steps[0]?.end()

    expect(await early).toBe('old')
    expect(await kept.read()).toBe('new')
  })

  it('is read anew after a read or a write that failed', async () => {
    const { steps, kept } = slowStore()
    const failing = kept.write('new')
    steps[0]?.end(new Error('full'))
    await expect(failing).rejects.toThrow('full')

    const reading = kept.read()
    steps[1]?.end()
    expect(await reading).toBe('old')
  })

  it('is read anew once it is forgotten, but not before a write of ours that is under way', async () => {
    const { steps, kept } = slowStore()
    const written = kept.write('new')
    kept.forget()
    steps[0]?.end()
    await written
    expect(await kept.read()).toBe('new')

    kept.forget()
    const reading = kept.read()
    steps[1]?.end()
    expect(await reading).toBe('old')
  })
})
