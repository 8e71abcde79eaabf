import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../protocol/index.ts'
import { surveyOpenAiBody } from './openai-survey.ts'
import { utf8Bytes } from './survey.ts'

describe('utf8Bytes', () => {
  it('counts as an encoder does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Bytes(text)).toBe(new TextEncoder().encode(text).length)
      }),
    )
  })

  it('counts no lone surrogate for less than it becomes', () => {
    expect(utf8Bytes('\ud800')).toBeGreaterThanOrEqual(2)
  })
})

describe('a survey', () => {
  it('never counts less text than the strings a body holds', () => {
    const body = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }))
    fc.assert(
      fc.property(body, (value) => {
        // A dictionary of JSON values is a JSON object.
        const survey = surveyOpenAiBody({ content: value as JsonObject })
        const strings: string[] = []
        JSON.stringify(value, (_, each: unknown) => {
          if (typeof each === 'string') strings.push(each)
          return each
        })

        expect(survey.textBytes).toBeGreaterThanOrEqual(
          strings.reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0),
        )
      }),
    )
  })

  it('reads a large body quickly (C76)', () => {
    const messages = Array.from({ length: 20_000 }, () => ({
      role: 'user',
      content: 'é'.repeat(500),
    }))
    const startedAt = performance.now()
    const survey = surveyOpenAiBody({ messages })

    expect(survey.textBytes).toBeGreaterThan(20_000_000)
    expect(performance.now() - startedAt).toBeLessThan(2000)
  })
})
