import { describe, expect, it } from 'vitest'
import { appOf, chat, makeDay, notes, quill } from './__fixtures__/usage-days.ts'
import { rangeDays } from './usage-range.ts'
import { usageSeries } from './usage-series.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const week = rangeDays('week', NOW)

describe('the days of a range', () => {
  it('end with today, in UTC', () => {
    expect([week.from, week.to, week.starts.length]).toEqual(['2026-11-15', '2026-11-21', 7])
    const days = rangeDays('days', NOW)
    expect([days.from, days.starts.length, days.starts.at(-1)]).toEqual([
      '2026-10-23',
      30,
      '2026-11-21',
    ])
  })

  it('have every day once where clocks are put back or forward', () => {
    // Europe: 25 October and 29 March; the United States: 1 November and 8 March.
    for (const now of [Date.UTC(2026, 10, 10), Date.UTC(2026, 3, 10)]) {
      const { starts } = rangeDays('days', now)
      expect(new Set(starts).size).toBe(30)
    }
  })

  it.each([
    [Date.UTC(2026, 10, 1), '2026-11-01', 1],
    [Date.UTC(2026, 9, 31, 23, 59, 59, 999), '2026-10-01', 31],
    [Date.UTC(2028, 1, 29), '2028-02-01', 29],
  ])('of the running month begin with its first (%d)', (now, from, count) => {
    const range = rangeDays('month', now)
    expect([range.from, range.starts.length]).toEqual([from, count])
  })

  it('of a year are twelve months, over the turn of the year', () => {
    const range = rangeDays('year', Date.UTC(2026, 1, 28))
    expect(range.starts).toEqual([
      ...['03', '04', '05', '06', '07', '08', '09', '10', '11', '12'].map((m) => `2025-${m}-01`),
      '2026-01-01',
      '2026-02-01',
    ])
  })
})

describe('spend over time', () => {
  it('of nothing is a column a day without a part', () => {
    const series = usageSeries([], week, { by: 'app', appOf })

    expect(series.groups).toEqual([])
    expect(series.buckets).toHaveLength(7)
    expect(series.buckets.every(({ calls, nanoUsd }) => calls === 0 && nanoUsd.length === 0)).toBe(
      true,
    )
    expect(series.totals).toMatchObject({ nanoUsd: 0, calls: 0, failed: 0 })
  })

  it('puts each app into its days, the dearest first, and leaves other days out', () => {
    const sums = [
      makeDay('2026-11-21', 3),
      makeDay('2026-11-21', 9, { grantId: quill }),
      makeDay('2026-11-15', 2),
      makeDay('2026-11-14', 1000),
    ]
    const { groups, buckets, totals } = usageSeries(sums, week, { by: 'app', appOf })

    expect(groups.map(({ name, nanoUsd, calls }) => [name, nanoUsd, calls])).toEqual([
      ['quill.example.test', 9, 1],
      ['chat.example.test', 5, 2],
    ])
    expect(buckets[0]).toEqual({ start: '2026-11-15', calls: 1, nanoUsd: [0, 2] })
    expect(buckets[6]).toEqual({ start: '2026-11-21', calls: 2, nanoUsd: [9, 3] })
    expect(totals).toEqual({
      ...{ nanoUsd: 14, estimatedNanoUsd: 0, calls: 3, failed: 0 },
      ...{ tokensIn: 78, tokensOut: 30 },
    })
  })

  it('counts two grants of one app as one, and apps no longer known as one without a name', () => {
    const both = (grantId: string) => (grantId === notes ? null : 'one.example.test')
    const sums = [
      makeDay('2026-11-20', 3),
      makeDay('2026-11-20', 4, { grantId: quill }),
      makeDay('2026-11-20', 1, { grantId: notes }),
    ]
    const { groups } = usageSeries(sums, week, { by: 'app', appOf: both })

    expect(groups.map(({ name, nanoUsd }) => [name, nanoUsd])).toEqual([
      ['one.example.test', 7],
      [null, 1],
    ])
  })

  it('goes by provider, and by model where it is known', () => {
    const sums = [
      makeDay('2026-11-20', 3),
      makeDay('2026-11-20', 4, { provider: 'groq', model: '' }),
    ]
    const namesBy = (by: 'provider' | 'model') =>
      usageSeries(sums, week, { by, appOf }).groups.map(({ name }) => name)

    expect(namesBy('provider')).toEqual(['groq', 'openai'])
    expect(namesBy('model')).toEqual([null, 'gpt-5-mini'])
  })

  it('keeps six parts as they are, and makes one of what comes after the fifth of seven', () => {
    const models = (count: number) =>
      Array.from({ length: count }, (_, at) =>
        makeDay('2026-11-20', 100 - at, { model: `m${at}`, endings: { failed: 1 } }),
      )
    const six = usageSeries(models(6), week, { by: 'model', appOf })
    const seven = usageSeries(models(7), week, { by: 'model', appOf })

    expect(six.groups.map(({ kind }) => kind)).toEqual(Array(6).fill('named'))
    expect(seven.groups.map(({ name }) => name)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', null])
    expect(seven.groups.at(-1)).toMatchObject({ kind: 'other', nanoUsd: 95 + 94, failed: 2 })
    expect(seven.buckets[5]?.nanoUsd).toEqual([100, 99, 98, 97, 96, 189])
  })

  it('counts as failed what brought nothing, and not what the app itself ended', () => {
    const endings = { done: 4, aborted: 3, refused: 1, failed: 1, lost: 1, denied: 2 }
    const sums = [makeDay('2026-11-20', 3, { endings, calls: 12, estimatedNanoUsd: 2 })]
    const { totals } = usageSeries(sums, week, { by: 'app', appOf })

    expect(totals).toMatchObject({ calls: 12, failed: 5, estimatedNanoUsd: 2 })
  })

  it('puts the days of a year into their months', () => {
    const year = rangeDays('year', NOW)
    const sums = [makeDay('2025-12-01', 1), makeDay('2026-02-28', 2), makeDay('2026-03-01', 4)]
    const { buckets } = usageSeries(sums, year, { by: 'app', appOf })

    expect(buckets.map(({ nanoUsd }) => nanoUsd[0])).toEqual([1, 0, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0])
    expect(chat).not.toBe(quill)
  })
})
