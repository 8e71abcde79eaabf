import { describe, expect, it } from 'vitest'
import { FIGURES } from '../bench/figures.ts'
import { reportPage } from '../bench/report-page.ts'
import { rowOf, rowOfPairs, type GoalRule } from '../bench/row.ts'
import { textTable } from '../bench/table.ts'

const TEXT = { name: 'call/first-byte', referenceName: 'direct', unit: 'ms' }

describe('a row of the bench', () => {
  it('holds the medians of both sides, their ratio and their spread', () => {
    const row = rowOfPairs(TEXT, { ours: [9, 1, 3, 4], reference: [2, 2, 1, 50] }, { kind: 'none' })

    expect(row).toMatchObject({ ours: 3.5, reference: 2, ratio: 1.75, goal: 'watched', met: true })
    expect(row.spread?.ours).toEqual({ min: 1, p25: 2.5, median: 3.5, p75: 5.25, max: 9, count: 4 })
  })

  it.each<[string, GoalRule, number, boolean]>([
    ['as many times as allowed', { kind: 'times', limit: 1.5 }, 15, true],
    ['more times than allowed', { kind: 'times', limit: 1.5 }, 15.1, false],
    ['as much more as allowed', { kind: 'more', limit: 2 }, 12, true],
    ['more than that', { kind: 'more', limit: 2 }, 12.1, false],
    ['below its limit', { kind: 'below', limit: 20 }, 19.9, true],
    ['at a limit it must stay below', { kind: 'below', limit: 20 }, 20, false],
    ['below it and close to the reference', { kind: 'below', limit: 20, times: 1.2 }, 12, true],
    ['below it, but far from the reference', { kind: 'below', limit: 20, times: 1.2 }, 13, false],
  ])('is judged: %s', (_what, rule, ours, met) => {
    expect(rowOf(TEXT, { ours, reference: 10 }, rule).met).toBe(met)
  })

  it('says where a goal was missed, on screen and in the page', () => {
    const rule: GoalRule = { kind: 'more', limit: 2, aim: '1.05 ×' }
    const missed = { ...rowOf(TEXT, { ours: 15, reference: 10 }, rule), load: 0.1 }
    const page = reportPage([missed], { day: '2026-11-21', browser: 'Chromium 1' })

    expect(textTable([missed])).toContain('≤ reference + 2 ms (aim 1.05 ×)  MISSED')
    expect(page).toContain(
      '| `call/first-byte` | 15 | 10 | ms | 1.5 | ≤ reference + 2 ms (aim 1.05 ×) | **no** | 0.1 | direct |',
    )
    expect(page).toContain('Chromium 1')
  })
})

describe('the bench', () => {
  it('has one figure of each name', () => {
    const names = FIGURES.map(({ name }) => name)

    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(
      expect.arrayContaining([
        ...['call/first-byte', 'call/token-latency', 'call/sse-20mb', 'call/upload-10mb'],
        ...['call/upload-json-10mb', 'call/download-10mb', 'call/parallel-20', 'call/cold-worker'],
        ...['call/xhr-stream', 'call/websocket', 'shim/foreign-fetch', 'shim/foreign-fetch-64kb'],
        ...['sdk/first-byte', 'sdk/token-latency', 'sdk/sse-20mb', 'sdk/frame-start', 'size/sdk'],
        ...['sdk/first-byte/port-json', 'sdk/token-latency/port-json', 'sdk/sse-20mb/port-json'],
        ...['vault/unlock', 'size/shim', 'size/bridge', 'size/popup', 'ui/popup-open'],
        ...['memory/worker-500-calls', 'memory/worker-200mb-stream', 'proxy/scrub-linear'],
        ...['relay/hop', 'relay/throughput', 'relay/idle-wallet', 'relay/frame-cpu'],
        'relay/stalled-reader',
        ...['usage/dashboard-1m', 'usage/popup-1m', 'usage/append-1m'],
      ]),
    )
  })
})
