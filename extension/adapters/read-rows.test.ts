import { describe, expect, it } from 'vitest'
import { createReadRows } from './read-rows.ts'

/** A store of one row, and how often it was read. */
function setUp() {
  const stored = { rev: 1, reads: 0 }
  const rows = createReadRows()
  const read = () => {
    stored.reads += 1
    return Promise.resolve(stored.rev)
  }
  return { stored, rows, get: () => rows.get('row', read) }
}

describe('rows read before', () => {
  it('are read once while nothing is written', async () => {
    const { stored, get } = setUp()

    expect([await get(), await get()]).toEqual([1, 1])
    expect(stored.reads).toBe(1)
  })

  it('are read anew after a write, also one that failed midway', async () => {
    const { stored, rows, get } = setUp()
    await get()

    await rows.during(() => Promise.resolve(void (stored.rev = 2)))
    expect(await get()).toBe(2)
    const failing = rows.during(() => {
      stored.rev = 3
      return Promise.reject(new Error('disk full'))
    })
    await expect(failing).rejects.toThrow('disk full')
    expect(await get()).toBe(3)
  })

  it('are not kept when they were read while a write ran', async () => {
    const { stored, rows, get } = setUp()
    let finish: () => void = () => undefined
    const writing = rows.during(
      () =>
        new Promise((resolve) => {
          finish = resolve
        }),
    )

    expect(await get()).toBe(1)
    stored.rev = 2
    finish()
    await writing

    expect(await get()).toBe(2)
  })

  it('that could not be read are tried again', async () => {
    const { rows, get } = setUp()

    await expect(rows.get('row', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await get()).toBe(1)
  })

  it('are few: what a whole list reads is let go of', async () => {
    const { rows } = setUp()
    const reads: string[] = []
    const get = (id: string) => rows.get(id, () => Promise.resolve(void reads.push(id)))
    for (let each = 0; each < 65; each++) await get(String(each))

    await get('0')

    expect(reads.filter((id) => id === '0')).toHaveLength(2)
  })
})
