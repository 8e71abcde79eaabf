import { describe, expect, it } from 'vitest'
import type { KeyId, KeySummary } from '@valetkey/wallet/protocol'
import { indexKeys } from './search-keys.ts'

const key = (label: string, more: Partial<KeySummary> = {}): KeySummary => ({
  ...{
    id: label as KeyId,
    provider: 'groq',
    label,
    notes: '',
    baseUrl: null,
    createdAt: 1,
    lastUsedAt: null,
  },
  ...{
    expiresAt: null,
    lastTest: null,
    archived: false,
    prices: [],
    spentThisMonthNanoUsd: 0,
    sites: [],
    kept: [],
  },
  ...more,
})
const keys = [
  key('Hackathon', { notes: 'Paid by the Café\nuntil May' }),
  key('personal', { provider: 'openai', sites: ['https://chat.example'] }),
  key('work', { provider: 'openai' }),
]
const found = (query: string) =>
  indexKeys(keys)
    .find(query)
    .map(({ label }) => label)

describe('searching keys', () => {
  it.each([
    ['hack', ['Hackathon']],
    ['GROQ', ['Hackathon']],
    ['cafe', ['Hackathon']],
    ['CAFÉ  may', ['Hackathon']],
    ['chat.example', ['personal']],
    ['openai', ['personal', 'work']],
    ['work openai', ['work']],
    ['work groq', []],
    ['zzz', []],
  ])('finds %s', (query, labels) => {
    expect(found(query)).toEqual(labels)
  })

  it('finds everything, in its order, for nothing', () => {
    expect(found('')).toEqual(['Hackathon', 'personal', 'work'])
    expect(found('  ')).toHaveLength(3)
  })

  it('takes a query for text, not for a pattern', () => {
    expect(found('.*')).toEqual([])
  })

  it('takes well under a frame for ten thousand keys', () => {
    const many = indexKeys(
      Array.from({ length: 10_000 }, (_, index) =>
        key(`Key number ${index}`, { notes: 'notes of some length '.repeat(5) }),
      ),
    )
    const times = ['n', 'nu', 'number 99', 'nothing at all'].map((query) => {
      const start = performance.now()
      many.find(query)
      return performance.now() - start
    })

    // A frame has 16 ms; the whole keystroke is measured in the browser.
    expect(Math.min(...times)).toBeLessThan(16)
  })
})
