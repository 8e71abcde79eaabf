import { describe, expect, it } from 'vitest'
import { createTurns } from './in-turn.ts'

describe('createTurns', () => {
  it('begins a step when the one before it has ended', async () => {
    const alone = createTurns()
    const told: string[] = []
    const one = alone(async () => {
      told.push('first begins')
      await new Promise((resolve) => setTimeout(resolve))
      told.push('first ends')
    })
    const two = alone(() => Promise.resolve(told.push('second begins')))
    await Promise.all([one, two])
    expect(told).toEqual(['first begins', 'first ends', 'second begins'])
  })

  it('goes on after a step that failed, and tells its own caller alone', async () => {
    const alone = createTurns()
    const failing = alone(() => Promise.reject(new Error('full')))
    const next = alone(() => Promise.resolve('done'))
    await expect(failing).rejects.toThrow('full')
    await expect(next).resolves.toBe('done')
  })
})
