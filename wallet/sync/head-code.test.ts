import { describe, expect, it } from 'vitest'
import { toBase64url } from '../protocol/index.ts'
import { headCode } from './head-code.ts'

const head = (first: number) => ({
  head: toBase64url(new Uint8Array(158).fill(first)),
  sig: toBase64url(new Uint8Array(64)),
})

describe('the code of a head', () => {
  it('is eight letters two people can read to each other', () => {
    expect(headCode(head(1))).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)
  })

  it('is the same for the same head, and another for another or for another signature', () => {
    expect(headCode(head(1))).toBe(headCode(head(1)))
    expect(headCode(head(2))).not.toBe(headCode(head(1)))
    const signed = { ...head(1), sig: toBase64url(new Uint8Array(64).fill(1)) }
    expect(headCode(signed)).not.toBe(headCode(head(1)))
  })
})
