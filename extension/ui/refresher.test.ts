import { expect, it } from 'vitest'
import { createRefresher } from './refresher.ts'

/** A background that answers when it is told to. */
function createSubject() {
  const shown: unknown[] = []
  const asked: PromiseWithResolvers<string>[] = []
  const refresher = createRefresher(
    () => {
      const reading = Promise.withResolvers<string>()
      asked.push(reading)
      return reading.promise
    },
    { onValue: (value) => shown.push(value), onError: (error) => shown.push(error) },
  )
  const answer = async (turn: number, value: string | Error) => {
    if (value instanceof Error) asked[turn]?.reject(value)
    else asked[turn]?.resolve(value)
    await new Promise(setImmediate)
  }
  return { ...refresher, shown, asked, answer }
}

it('reads once more, however many changes came while it was reading', async () => {
  const { refresh, asked, answer, shown } = createSubject()
  refresh()
  for (let change = 0; change < 100; change++) refresh()
  expect(asked).toHaveLength(1)
  await answer(0, 'before')
  expect(asked).toHaveLength(2)
  await answer(1, 'after')

  expect(asked).toHaveLength(2)
  expect(shown).toEqual(['before', 'after'])
})

it('goes on after a reading that failed', async () => {
  const { refresh, answer, shown } = createSubject()
  const failure = new TypeError('lost')
  refresh()
  await answer(0, failure)
  refresh()
  await answer(1, 'there')

  expect(shown).toEqual([failure, 'there'])
})

it('shows nothing to a window that is gone, and reads no more', async () => {
  const { refresh, stop, asked, answer, shown } = createSubject()
  refresh()
  refresh()
  stop()
  await answer(0, 'late')

  expect(shown).toEqual([])
  expect(asked).toHaveLength(1)
})
