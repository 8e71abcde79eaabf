import { PROVIDER_IDS } from '@valetkey/wallet/protocol'
import { expect, it } from 'vitest'
import { letterOf, tintOf } from './provider-tint.ts'

it('no two providers show the same letter on the same tint', () => {
  const tiles = PROVIDER_IDS.map((id) => `${letterOf(id)} ${tintOf(id)}`)

  expect(new Set(tiles).size).toBe(tiles.length)
})

it('the four that come with the installation have four tints', () => {
  const four = ['openai', 'anthropic', 'google', 'groq'] as const

  expect(new Set(four.map(tintOf)).size).toBe(4)
})
