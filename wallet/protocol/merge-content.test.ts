import * as fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createSeededRandom } from '../testing/index.ts'
import {
  canonicalJson,
  createId,
  mergeContent,
  type DeviceId,
  type RecordContent,
} from './index.ts'

type Field = RecordContent['fields'][string]
interface Vectors {
  readonly merges: readonly {
    readonly name: string
    readonly winner: Field
    readonly loser: Field
  }[]
}

const vectorsFile = new URL('../crypto/__vectors__/vectors.json', import.meta.url)
const { merges } = JSON.parse(readFileSync(vectorsFile, 'utf8')) as Vectors
const random = createSeededRandom('merge')
const devices = [1, 2, 3].map(() => createId<DeviceId>(random))
const [first, second] = devices as [DeviceId, DeviceId]
const at = (ms: number) => ms.toString(16).padStart(16, '0')
const grant = (status: string, ms: number): RecordContent => ({
  kind: 'grant',
  fields: { status: [status, at(ms), first], createdAt: [1, at(1), first] },
})

describe('the states of a record', () => {
  it.each(merges)('agree on a field, whichever comes first: $name', ({ winner, loser }) => {
    const content = (field: Field): RecordContent => ({ kind: 'key', fields: { field } })

    expect(mergeContent(content(winner), content(loser))).toEqual(content(winner))
    expect(mergeContent(content(loser), content(winner))).toEqual(content(winner))
  })

  it('keep what only one of them has, and the later of what both have', () => {
    const ours: RecordContent = {
      kind: 'key',
      fields: { label: ['new', at(9), first], notes: ['old', at(1), first] },
    }
    const theirs: RecordContent = {
      kind: 'key',
      fields: {
        label: ['old', at(2), second],
        notes: ['new', at(3), second],
        order: [7, at(1), second],
      },
    }

    expect(mergeContent(ours, theirs).fields).toEqual({
      label: ['new', at(9), first],
      notes: ['new', at(3), second],
      order: [7, at(1), second],
    })
  })

  it('keep a grant revoked, however late another status was written', () => {
    expect(mergeContent(grant('active', 9), grant('revoked', 1)).fields['status']?.[0]).toBe(
      'revoked',
    )
    expect(mergeContent(grant('revoked', 1), grant('active', 9)).fields['status']?.[0]).toBe(
      'revoked',
    )
    expect(mergeContent(grant('paused', 1), grant('active', 9)).fields['status']?.[0]).toBe(
      'active',
    )
    expect(mergeContent(grant('revoked', 1), grant('revoked', 9)).fields['status']?.[1]).toBe(at(9))
  })

  it('count for each device what it counted most', () => {
    const spend = (counters: Record<string, number>): RecordContent => ({
      kind: 'spend',
      fields: {},
      counters,
    })
    const merged = mergeContent(spend({ a: 5, b: 1 }), spend({ a: 2, b: 3, c: 4 }))

    expect(merged.counters).toEqual({ a: 5, b: 3, c: 4 })
    expect(mergeContent({ kind: 'spend', fields: {} }, spend({ a: 1 })).counters).toEqual({ a: 1 })
  })

  it('are not mixed where they are an allocation, or two kinds under one id', () => {
    const ours: RecordContent = { kind: 'allocation', fields: { usd: [1, at(1), first] } }
    const theirs: RecordContent = { kind: 'allocation', fields: { usd: [9, at(9), first] } }

    expect(mergeContent(ours, theirs)).toEqual(ours)
    expect(mergeContent({ ...ours, kind: 'key' }, { ...theirs, kind: 'grant' }).kind).toBe('key')
  })

  it('become the same whatever the order they meet in', () => {
    const field = fc.tuple(
      fc.constantFrom<Field[0]>('a', 'b', 1, null, ['é'], 'revoked'),
      fc.constantFrom(at(1), at(2)),
      fc.constantFrom(...devices),
    )
    const content = fc.record({
      kind: fc.constant('grant'),
      fields: fc.dictionary(fc.constantFrom('status', 'terms', 'constructor'), field),
      counters: fc.dictionary(fc.constantFrom(...devices), fc.nat(3)),
    })
    const text = (value: RecordContent) =>
      canonicalJson(JSON.parse(JSON.stringify(value)) as string)

    fc.assert(
      fc.property(content, content, content, (a, b, c) => {
        expect(text(mergeContent(a, a))).toBe(text(a))
        expect(text(mergeContent(a, b))).toBe(text(mergeContent(b, a)))
        expect(text(mergeContent(mergeContent(a, b), c))).toBe(
          text(mergeContent(a, mergeContent(b, c))),
        )
      }),
      { numRuns: 200 },
    )
  }, 30_000)
})
