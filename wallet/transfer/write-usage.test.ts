import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import {
  createId,
  type GrantId,
  type KeyId,
  type NamedUsageRow,
  type RequestId,
} from '../protocol/index.ts'
import { createSeededRandom } from '../testing/index.ts'
import { writeUsageCsv, writeUsageJson } from './write-usage.ts'

const random = createSeededRandom('write usage')

function makeRow(members: Partial<NamedUsageRow> = {}): NamedUsageRow {
  return {
    requestId: createId<RequestId>(random),
    grantId: createId<GrantId>(random),
    keyId: createId<KeyId>(random),
    ...{ provider: 'openai', model: 'gpt-5-mini', capability: 'chat', lane: 'proxy' },
    ...{ startedAt: Date.UTC(2026, 10, 21, 12), durationMs: 1200, status: 200, ending: 'done' },
    tokens: { input: 20, cachedInput: 5, cacheWriteInput: 1, output: 10, reasoning: 4 },
    ...{ costNanoUsd: 400, costSource: 'usage' },
    ...{ app: 'chat.example.test', keyLabel: 'personal', estimated: false },
    ...members,
  }
}

const whole = { written: 0, isFirst: true, isLast: true }
function readCsv(text: string): Record<string, string>[] {
  const form = { delimiter: ',', newline: '\n', quoteChar: '"', header: false } as const
  const [names = [], ...lines] = Papa.parse(text.replaceAll('\r\n', '\n').trimEnd(), form).data
  return lines.map((cells) => Object.fromEntries(cells.map((cell, at) => [names[at] ?? '', cell])))
}

/** The rows in pieces of so many, as the windows ask for them. */
function inPieces(
  rows: readonly NamedUsageRow[],
  size: number,
  write: typeof writeUsageJson,
): string {
  let text = ''
  for (let written = 0; written === 0 || written < rows.length; written += size) {
    const piece = rows.slice(written, written + size)
    const isLast = written + size >= rows.length
    text += write({ rows: piece, written, isFirst: written === 0, isLast })
  }
  return text
}

describe('usage as CSV', () => {
  it('has a line a call, with the cost in dollars to the last nano', () => {
    const row = makeRow()
    expect(readCsv(writeUsageCsv({ rows: [row], ...whole }))).toEqual([
      {
        ...{ time: '2026-11-21T12:00:00.000Z', app: 'chat.example.test', provider: 'openai' },
        ...{ key: 'personal', model: 'gpt-5-mini', capability: 'chat', lane: 'proxy' },
        ...{ ending: 'done', status: '200', duration_ms: '1200' },
        ...{ input_tokens: '20', cached_input_tokens: '5', cache_write_tokens: '1' },
        ...{ output_tokens: '10', reasoning_tokens: '4', sound_seconds: '', cost_usd: '0.0000004' },
        ...{ estimated: 'no', cost_source: 'usage', request_id: row.requestId },
      },
    ])
  })

  it('leaves empty what is not known', () => {
    const row = makeRow({ app: null, keyLabel: null, model: null, capability: null, tokens: null })
    const [line] = readCsv(writeUsageCsv({ rows: [row], ...whole }))
    expect(line).toMatchObject({ app: '', key: '', model: '', capability: '', input_tokens: '' })
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', 'a,=1', "'=1"])(
    'makes text of a model or a name that a spreadsheet would run: %j (C90)',
    (text) => {
      const csv = writeUsageCsv({ rows: [makeRow({ model: text, keyLabel: text })], ...whole })
      const [line] = readCsv(csv)
      for (const cell of [line?.['model'], line?.['key']]) {
        expect(cell).not.toMatch(/(?:^|[,;|\t\r\n])[=+\-@]/)
        expect(cell).toContain("'")
      }
    },
  )

  it('has its columns named once, however many pieces it comes in', () => {
    const rows = Array.from({ length: 7 }, (_, at) => makeRow({ model: `m${at}` }))
    for (const size of [1, 3, 7, 50]) {
      const lines = readCsv(inPieces(rows, size, writeUsageCsv))
      expect(lines.map((line) => line['model'])).toEqual(rows.map(({ model }) => model))
    }
    expect(readCsv(inPieces([], 3, writeUsageCsv))).toEqual([])
  })
})

describe('usage as JSON', () => {
  it('is one list, however many pieces it comes in', () => {
    const rows = Array.from({ length: 7 }, (_, at) => makeRow({ model: `m${at}` }))
    for (const size of [1, 3, 7, 50]) {
      const list = JSON.parse(inPieces(rows, size, writeUsageJson)) as { model: string }[]
      expect(list.map(({ model }) => model)).toEqual(rows.map(({ model }) => model))
    }
    expect(JSON.parse(inPieces([], 3, writeUsageJson))).toEqual([])
  })

  it('stays one where a piece has no rows', () => {
    const rows = [makeRow()]
    const text =
      writeUsageJson({ rows: [], written: 0, isFirst: true, isLast: false }) +
      writeUsageJson({ rows, written: 0, isFirst: false, isLast: false }) +
      writeUsageJson({ rows: [], written: 1, isFirst: false, isLast: true })
    expect(JSON.parse(text)).toHaveLength(1)
  })

  it('says each call in full', () => {
    const row = makeRow()
    const { costNanoUsd, startedAt, ...rest } = row
    const [entry] = JSON.parse(writeUsageJson({ rows: [row], ...whole })) as unknown[]
    expect(entry).toEqual({ time: '2026-11-21T12:00:00.000Z', costUsd: '0.0000004', ...rest })
    expect([costNanoUsd, startedAt]).toEqual([400, Date.UTC(2026, 10, 21, 12)])
  })
})
