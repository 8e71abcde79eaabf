import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { findKey, keyForms } from '../support/key-forms.ts'

const key = `sk-${randomBytes(24).toString('hex')}`

describe('findKey', () => {
  it.each([0, 1, 2, 3, 4, 5])(
    'finds base64 of a key %i bytes into the text, whatever follows',
    (offset) => {
      const text = 'x'.repeat(offset) + key + '","more":1'

      expect(findKey(Buffer.from(Buffer.from(text).toString('base64')), key)).toMatch(/^base64\+/)
      expect(findKey(Buffer.from(Buffer.from(text).toString('base64url')), key)).toMatch(/^base64/)
    },
  )

  it.each([
    ['latin1', Buffer.from(`a${key}b`, 'latin1')],
    ['utf16', Buffer.from(`a${key}b`, 'utf16le')],
    ['hex', Buffer.from(Buffer.from(key).toString('hex'))],
  ])('finds it as %s', (form, bytes) => {
    expect(findKey(bytes, key)).toBe(form)
  })

  it('finds URL-encoding where the key has something to encode', () => {
    const odd = `id:${key}`

    expect(findKey(Buffer.from(encodeURIComponent(odd)), odd)).toBe('url')
  })

  it.each([
    ['another key', Buffer.from(`sk-${randomBytes(24).toString('hex')}`)],
    ['all but its last character', Buffer.from(key.slice(0, -1))],
    [
      'base64 of all but its last four',
      Buffer.from(Buffer.from(key.slice(0, -4)).toString('base64')),
    ],
    ['nothing', Buffer.alloc(0)],
  ])('does not find it in %s', (_what, bytes) => {
    expect(findKey(bytes, key)).toBeNull()
  })

  it('looks for no form twice', () => {
    const texts = keyForms(key).map(({ bytes }) => bytes.toString('latin1'))

    expect(new Set(texts).size).toBe(texts.length)
  })
})
