import { describe, expect, it } from 'vitest'
import { VALET_KEY_SHAPES, createValetKey } from '../protocol/index.ts'
import { createDraw, createKeyCorpus, createSeededRandom } from '../testing/index.ts'
import { dashboardOf } from './dashboards.ts'
import { findKeys } from './find-keys.ts'

const CORPUS = createKeyCorpus('corpus')

const found = (text: string, host: string | null) =>
  findKeys(text, host === null ? null : dashboardOf(`https://${host}`)).map((candidate) => ({
    provider: candidate.provider,
    kind: candidate.kind,
    storable: candidate.storable,
    secret: text.slice(candidate.start, candidate.end),
  }))

describe('findKeys over the labelled corpus', () => {
  const keys = CORPUS.filter(({ label }) => label !== 'negative')
  const listed = <T>(value: T | readonly T[] | null): readonly T[] =>
    value === null ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T]

  const find = (entry: (typeof keys)[number]) => {
    const kinds = listed(entry.kind)
    const secrets = listed(entry.secret)
    const expected = listed(entry.provider).map((provider, at) => ({
      ...{ provider, kind: kinds[at], storable: entry.storable, secret: secrets[at] },
    }))

    expect(found(entry.text, entry.host)).toEqual(expected)
    if (entry.needsContext === true) expect(found(entry.text, null)).toEqual([])
  }

  it.each(keys.filter(({ storable }) => storable))('finds $provider $kind whole: $id', find)

  it.each(keys.filter(({ storable }) => !storable))(
    'C39: recognises $provider $kind and refuses it: $id',
    find,
  )

  it.each(CORPUS.filter(({ label }) => label === 'negative'))('finds nothing in $id', (entry) => {
    expect(found(entry.text, entry.host)).toEqual([])
  })

  it('is sure of what its form and its drawing leave no doubt about', () => {
    const draw = createDraw('sure')
    const confidence = (text: string) => findKeys(text).map((each) => each.confidence)

    expect(confidence(draw('gsk_{A52}'))).toEqual(['high'])
    expect(confidence('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')).toEqual(['likely'])
    // Nobody names the provider, and the form is a tolerant one.
    expect(confidence(draw('sk-proj-{U120}'))).toEqual([])
    expect(findKeys(draw('sk-proj-{U120}'), 'openai')).toMatchObject([{ confidence: 'high' }])
  })
})

describe('what is never proposed', () => {
  it('no valet key, of any shape, on any page', () => {
    const random = createSeededRandom('valet keys')
    for (const { id } of VALET_KEY_SHAPES) {
      const key = createValetKey(id, random)
      for (const named of [null, 'openai', 'mistral', 'cohere', 'deepgram', 'sambanova'] as const) {
        expect(findKeys(`key: ${key}\n`, named), id).toEqual([])
      }
    }
  })

  it('nothing at the edges of what is cut off or beyond the length of a key', () => {
    expect(findKeys('')).toEqual([])
    expect(findKeys('gsk_')).toEqual([])
    expect(findKeys('a'.repeat(100_000), 'mistral')).toEqual([])
  })
})

describe('time', () => {
  it('grows no faster than the text, whatever stands in it (C60, C76)', () => {
    const draw = createDraw('hostile')
    const units = [
      'a',
      'sk-',
      'sk-proj-aaaaaaaaaaaaab ',
      'AQ.',
      'hf_oauth_aaaaaaaaaaaaaaa.',
      `${draw('{H32}')} `,
      `${draw('sk-ant-oat01-{A90}')} `,
      `${draw('{H32}')}.`,
      `${draw('{H8}-{H4}-{H4}-{H4}-{H12}')}:`,
    ]
    const longest = (megabytes: number) =>
      Math.max(
        ...units.map((unit) => {
          const text = unit.repeat(Math.ceil((megabytes * 1_000_000) / unit.length))
          const startedAt = performance.now()
          findKeys(text, 'mistral')
          return performance.now() - startedAt
        }),
      )
    longest(0.1)

    // A second for a megabyte is twenty times what it takes; what explodes takes minutes.
    expect(longest(1)).toBeLessThan(1_000)
  })

  it('C60: is not spent on more keys than a person can have', () => {
    const draw = createDraw('many')
    const text = Array.from({ length: 3_000 }, () => draw('gsk_{A52}')).join('\n')

    expect(findKeys(text)).toHaveLength(1_000)
  })
})
