import { describe, expect, it } from 'vitest'
import { providerById } from '../providers/index.ts'
import { boundCall, type BoundInput } from './bound.ts'
import { expectedCost } from './expected-cost.ts'

const at = Date.UTC(2026, 10, 21)

function makeCall(
  facts: Partial<Omit<BoundInput['facts'], 'input'>> = {},
  input: Partial<BoundInput['facts']['input']> = {},
): BoundInput {
  return {
    provider: providerById('openai'),
    endpoint: { capability: 'chat' },
    facts: {
      ...{ path: '/v1/chat/completions', model: 'gpt-5-mini', needs: [], stream: false },
      ...{ outputLimit: null, choices: 1, unbounded: false, ...facts },
      input: { textBytes: 4000, messages: 1, tools: 0, images: 0, files: 0, ...input },
    },
    maxOutputTokens: 16_384,
    at,
  }
}

describe('what a call will probably cost', () => {
  it('is a token for four bytes, and an answer of usual length', () => {
    expect(expectedCost(makeCall())).toBe(1000 * 250 + 700 * 2000)
  })

  it('is no longer answer than the app or the grant allows, and as many as are asked for', () => {
    expect(expectedCost(makeCall({ outputLimit: 100, choices: 3 }))).toBe(1000 * 250 + 300 * 2000)
    expect(expectedCost({ ...makeCall(), maxOutputTokens: 50 })).toBe(1000 * 250 + 50 * 2000)
  })

  it('is at the price the person stated for the key', () => {
    const price = { input: 1_000_000, cachedInput: 0, output: 3_000_000 }

    expect(expectedCost({ ...makeCall(), price })).toBe(1000 * 1000 + 700 * 3000)
  })

  it.each<[string, BoundInput]>([
    ['a picture', makeCall({}, { images: 1 })],
    ['a file', makeCall({}, { files: 1 })],
    ['a tool with a fee', makeCall({ unbounded: true })],
    ['another kind of call', { ...makeCall(), endpoint: { capability: 'image' } }],
    [
      'a machine of the person’s own',
      { ...makeCall(), provider: { ...providerById('lmstudio'), costs: 'nothing' } },
    ],
  ])('is not told of %s', (_, call) => {
    expect(expectedCost(call)).toBeNull()
  })

  it('is never above the bound', () => {
    for (const textBytes of [0, 1, 3, 4000, 1_000_000]) {
      const call = makeCall({}, { textBytes })
      const bound = boundCall(call)

      expect(expectedCost(call)).toBeLessThanOrEqual('unbounded' in bound ? 0 : bound.boundNanoUsd)
    }
  })
})
