import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../protocol/index.ts'
import { surveyOpenAiBody } from './openai-survey.ts'
import { utf8Bytes } from './survey.ts'

describe('utf8Bytes', () => {
  it('counts as an encoder does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
        (text) => {
          expect(utf8Bytes(text)).toBe(new TextEncoder().encode(text).length)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['\ud800', 3],
    ['\udc00\ud800', 6],
    ['\ud83d\ude00', 4],
    ['\ud83d\ud83d\ude00', 7],
  ])('counts %j as %i bytes', (text, bytes) => {
    expect(utf8Bytes(text)).toBe(bytes)
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
