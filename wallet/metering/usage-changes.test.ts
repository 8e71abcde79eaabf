import { describe, expect, it } from 'vitest'
import { appOf, makeDay, notes, quill } from './__fixtures__/usage-days.ts'
import { changesFrom, changesOfWeek } from './usage-changes.ts'

const NOW = Date.UTC(2026, 10, 21, 12)

describe('what changed this week', () => {
  it('is nothing where nothing was used', () => {
    expect(changesOfWeek([], NOW, appOf)).toEqual({
      ...{ nanoUsd: 0, beforeNanoUsd: 0, calls: 0, beforeCalls: 0 },
      ...{ risers: [], newApps: [], newModels: [] },
    })
  })

  it('compares seven days, today among them, with the seven before', () => {
    const sums = [
      makeDay('2026-11-21', 1),
      makeDay('2026-11-15', 2),
      makeDay('2026-11-14', 4),
      makeDay('2026-11-08', 8),
      makeDay('2026-11-07', 16),
      makeDay('2026-11-22', 32),
    ]
    expect(changesOfWeek(sums, NOW, appOf)).toMatchObject({
      ...{ nanoUsd: 3, beforeNanoUsd: 12, calls: 2, beforeCalls: 2 },
    })
  })

  it('names the apps that cost more, the greatest difference first, three at most', () => {
    const grants = ['a', 'b', 'c', 'd', 'e'] as const
    const sums = grants.flatMap((name, at) => [
      makeDay('2026-11-10', 10, { grantId: name as never }),
      makeDay('2026-11-20', 8 + at * at, { grantId: name as never }),
    ])
    const { risers } = changesOfWeek(sums, NOW, (grantId) => grantId)

    expect(risers).toEqual([
      { app: 'e', nanoUsd: 24, beforeNanoUsd: 10 },
      { app: 'd', nanoUsd: 17, beforeNanoUsd: 10 },
      { app: 'c', nanoUsd: 12, beforeNanoUsd: 10 },
    ])
  })

  it('calls new what was not called in the 90 days before', () => {
    const sums = [
      makeDay('2026-11-20', 1),
      makeDay('2026-11-20', 1, { grantId: quill, model: 'gpt-6' }),
      makeDay('2026-11-20', 1, { grantId: notes, model: '' }),
      makeDay(changesFrom(NOW), 1),
    ]
    const { newApps, newModels } = changesOfWeek(sums, NOW, appOf)

    expect([newApps, newModels]).toEqual([['quill.example.test'], ['gpt-6']])
    expect(changesFrom(NOW)).toBe('2026-08-23')
  })
})
