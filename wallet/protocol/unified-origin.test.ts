import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { UNIFIED_ORIGIN } from './unified-origin.ts'

it('is an https origin no name server will ever know (RFC 2606)', () => {
  const url = new URL(UNIFIED_ORIGIN)

  expect(url.origin).toBe(UNIFIED_ORIGIN)
  expect(url.protocol).toBe('https:')
  expect(url.hostname.split('.').at(-1)).toBe('invalid')
})

it('imports nothing: it is inlined into what other people install', () => {
  const source = readFileSync(new URL('./unified-origin.ts', import.meta.url), 'utf8')

  expect(source).not.toMatch(/\bimport\b/)
})
