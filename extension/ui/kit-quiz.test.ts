import { describe, expect, it } from 'vitest'
import { askAbout, isAnswer, type KitQuestion } from './kit-quiz.ts'

const part = (letter: string): string => letter.repeat(7)
const kit = {
  accountId: 'account',
  secretKey: ['VK1', ...'ABCD'.split('').map(part)].join('-'),
  recoveryKey: ['VR1', ...'EFGHJKMN'.split('').map(part)].join('-'),
}

describe('the questions', () => {
  it('ask for one part of each key, never for its prefix', () => {
    expect(askAbout(kit, () => 0)).toEqual([
      { of: 'secretKey', part: 1, answer: part('A') },
      { of: 'recoveryKey', part: 1, answer: part('E') },
    ])
    expect(askAbout(kit, () => 0.999_999)).toEqual([
      { of: 'secretKey', part: 4, answer: part('D') },
      { of: 'recoveryKey', part: 8, answer: part('N') },
    ])
  })
})

describe('an answer', () => {
  const question: KitQuestion = { of: 'secretKey', part: 1, answer: '01AB1CD' }

  it.each(['01AB1CD', ' 01ab1cd ', 'oiablcd', 'O1AB-1CD', '0 1 A B 1 C D'])(
    'is right as “%s”',
    (typed) => {
      expect(isAnswer(question, typed)).toBe(true)
    },
  )

  it.each(['', '   ', '01AB1C', '01AB1CDE', '11AB1CD'])('is wrong as “%s”', (typed) => {
    expect(isAnswer(question, typed)).toBe(false)
  })

  it('is never right where the kit has no such part', () => {
    expect(isAnswer({ ...question, answer: '' }, '')).toBe(false)
  })
})
