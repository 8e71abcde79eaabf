import { describe, expect, it } from 'vitest'
import { isRevokedWord, readMask } from './revoked-rows.ts'

describe('a masked key in a list', () => {
  it.each([
    ['sk-proj-...x7Qa', { start: 'sk-proj-', end: 'x7Qa' }],
    ['sk-ant-api03-Ab3…w0AA', { start: 'sk-ant-api03-Ab3', end: 'w0AA' }],
    [' gsk_****************9fQA ', { start: 'gsk_', end: '9fQA' }],
    ['••••••••9fQA', { start: '', end: '9fQA' }],
  ])('is read from %s', (text, mask) => {
    expect(readMask(text)).toEqual(mask)
  })

  it.each(['Loading...', 'Read more … of it', 'a-b', 'sk-proj-...', 'see it...now, or never'])(
    'is not read from “%s”',
    (text) => {
      expect(readMask(text)).toBe(null)
    },
  )
})

describe('a status', () => {
  it.each(['Revoked', 'Disabled', 'Expired on Sep 14, 2026', 'inactive', 'Deleted', 'Deactivated'])(
    'that a key is no longer taken: %s',
    (text) => {
      expect(isRevokedWord(text)).toBe(true)
    },
  )

  it.each([
    'Active',
    'Delete',
    'Revoke key',
    'Never expires',
    'Expires soon',
    `Expired ${'x'.repeat(40)}`,
  ])('that says nothing of the kind: %s', (text) => {
    expect(isRevokedWord(text)).toBe(false)
  })
})
