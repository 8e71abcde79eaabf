import type { UsageChanges, UsageGroup } from '@valetkey/wallet/protocol'
import { describe, expect, it } from 'vitest'
import { bucketSentence, changeSentences, groupName, monthForPeople } from './usage-sentences.ts'

const CENT = 10_000_000

function makeChanges(members: Partial<UsageChanges> = {}): UsageChanges {
  return {
    ...{ nanoUsd: 50 * CENT, beforeNanoUsd: 20 * CENT, calls: 12, beforeCalls: 1 },
    ...{ risers: [], newApps: [], newModels: [] },
    ...members,
  }
}

describe('what changed this week', () => {
  it.each<[Partial<UsageChanges>, string]>([
    [{}, '$0.50 in 7 days, up from $0.20 before.'],
    [{ nanoUsd: CENT }, '$0.01 in 7 days, down from $0.20 before.'],
    [{ beforeNanoUsd: 50 * CENT }, '$0.50 in 7 days, the same as in the 7 before.'],
    [{ beforeNanoUsd: 0 }, '$0.50 in 7 days, and nothing in the 7 before.'],
    [{ nanoUsd: 0, beforeNanoUsd: 0 }, '$0.00 in 7 days, the same as in the 7 before.'],
  ])('begins with the money: %j', (members, sentence) => {
    expect(changeSentences(makeChanges(members))[0]).toBe(sentence)
  })

  it('says how often, what rose, and what is new', () => {
    const changes = makeChanges({
      risers: [
        { app: 'quill.example.test', nanoUsd: 30 * CENT, beforeNanoUsd: 10 * CENT },
        { app: null, nanoUsd: CENT, beforeNanoUsd: 0 },
      ],
      newApps: ['a.test'],
      newModels: ['m1', 'm2', 'm3', 'm4', 'm5', 'm6'],
    })
    expect(changeSentences(changes).slice(1)).toEqual([
      '12 calls, after 1 call in the 7 days before.',
      'quill.example.test cost $0.30, up from $0.10.',
      'an app no longer known cost $0.01, after nothing.',
      'Called for the first time: a.test.',
      'Used for the first time: m1, m2, m3, m4 and 2 others.',
    ])
  })

  it('is one sentence where nothing was used', () => {
    const nothing = makeChanges({ nanoUsd: 0, beforeNanoUsd: 0, calls: 0, beforeCalls: 0 })
    expect(changeSentences(nothing)).toEqual(['Nothing was used in the last 14 days.'])
  })
})

describe('a part of the chart', () => {
  const group = (kind: UsageGroup['kind'], name: string | null): UsageGroup => ({
    ...{ kind, name, nanoUsd: 0, estimatedNanoUsd: 0, calls: 0, failed: 0 },
    ...{ tokensIn: 0, tokensOut: 0 },
  })

  it('goes by its name, a provider by the one people know, and what has none by what it is', () => {
    expect(groupName(group('named', 'a.test'), 'app')).toBe('a.test')
    expect(groupName(group('named', 'openai'), 'provider')).toBe('OpenAI')
    expect(groupName(group('named', null), 'app')).toBe('an app no longer known')
    expect(groupName(group('named', null), 'model')).toBe('model not known')
    expect(groupName(group('other', null), 'model')).toBe('all others')
  })
})

describe('a column of the chart', () => {
  it('is told by its day, or by its month, whatever time zone the person is in', () => {
    const bucket = { start: '2026-11-01', calls: 1, nanoUsd: [CENT, 2 * CENT] }
    expect(bucketSentence(bucket, 'days')).toBe('1 November: $0.03, 1 call')
    expect(bucketSentence(bucket, 'year')).toBe('November 2026: $0.03, 1 call')
    expect(monthForPeople('2026-11-01', 'short')).toBe('Nov')
  })
})
