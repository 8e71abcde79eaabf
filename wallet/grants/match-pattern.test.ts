import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesPattern } from './match-pattern.ts'

describe('matchesPattern', () => {
  it.each([
    ['gpt-5', 'gpt-5'],
    ['*', ''],
    ['*', 'anything'],
    ['gpt-*', 'gpt-'],
    ['*-mini', 'gpt-5-mini'],
    ['a*b*c', 'abc'],
    ['a*b*c', 'a--b--b--c'],
    ['**', 'x'],
    ['a*a', 'aa'],
    ['*ab*ab', 'abxab'],
  ])('%j takes %j', (pattern, text) => {
    expect(matchesPattern(pattern, text)).toBe(true)
  })

  it.each([
    ['', 'x'],
    ['gpt-5', 'gpt-5 '],
    ['gpt-5', 'GPT-5'],
    ['gpt-*', 'xgpt-5'],
    ['*-mini', 'mini'],
    ['a*a', 'a'],
    ['a*b*c', 'acb'],
    ['ab*ba', 'aba'],
    ['*ab*ab', 'ab'],
    ['.*', 'x'],
    ['[a-z]*', 'abc'],
  ])('%j does not take %j', (pattern, text) => {
    expect(matchesPattern(pattern, text)).toBe(false)
  })

  it('agrees with the meaning of the star', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 })
    fc.assert(
      fc.property(pattern, letters, (stars, text) => {
        const meaning = new RegExp(`^${stars.replaceAll('*', '.*')}$`)

        expect(matchesPattern(stars, text)).toBe(meaning.test(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('is quick on patterns made to be slow (C76)', () => {
    const startedAt = performance.now()
    for (let run = 0; run < 100; run++) {
      matchesPattern('a*'.repeat(100) + 'b', 'a'.repeat(10_000))
    }

    expect(performance.now() - startedAt).toBeLessThan(1000)
  })
})
