import { describe, expect, it } from 'vitest'
import { createSeededRandom } from '../testing/index.ts'
import { VALET_KEY_SHAPES, createValetKey, valetKeyWithin } from './valet-key.ts'

const random = createSeededRandom('valet key')
const hasNoBeginning = (id: string) => /^(?:hex|uuid)/.test(id)
const beginning = VALET_KEY_SHAPES.filter(({ id }) => !hasNoBeginning(id) && id !== 'sk_hex-48')

describe('a valet key within a text', () => {
  it.each(beginning.map(({ id }) => id))('is found in shape %s, wherever it stands', (id) => {
    const key = createValetKey(id, random)

    expect(valetKeyWithin(key)).toBe(key)
    expect(valetKeyWithin(`{"model":"sk-1","note":"VALET parking, valet","key":"${key}"}`)).toBe(
      key,
    )
    expect(valetKeyWithin(`%3D${key}%26`)).toBe(key)
  })

  it('is not what only begins like one', () => {
    const key = createValetKey('sk-48', random)

    expect(valetKeyWithin(key.slice(0, -1))).toBeNull()
    expect(valetKeyWithin(`${key.slice(0, 20)}${key.slice(21)}`)).toBeNull()
    expect(valetKeyWithin('VALET')).toBeNull()
    expect(valetKeyWithin('')).toBeNull()
  })
})
