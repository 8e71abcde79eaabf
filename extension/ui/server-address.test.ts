import { describe, expect, it } from 'vitest'
import { readServer } from './server-address.ts'

describe('readServer', () => {
  it.each([
    ['https://sync.example', 'https://sync.example'],
    ['  https://Sync.Example/ ', 'https://sync.example'],
    ['sync.example', 'https://sync.example'],
    ['sync.example:8443', 'https://sync.example:8443'],
    ['https://sync.example:443', 'https://sync.example'],
    ['http://localhost:8787', 'http://localhost:8787'],
    ['localhost:8787', 'http://localhost:8787'],
    ['127.0.0.1:8787/', 'http://127.0.0.1:8787'],
    ['localhost.example', 'https://localhost.example'],
  ])('takes %j', (typed, origin) => {
    expect(readServer(typed)).toEqual({ kind: 'fit', origin })
  })

  it.each([
    ['', { kind: 'empty' }],
    ['   ', { kind: 'empty' }],
    ['http://sync.example', { kind: 'refused', reason: 'plain' }],
    ['http://localhost.example', { kind: 'refused', reason: 'plain' }],
    ['ftp://sync.example', { kind: 'refused', reason: 'unreadable' }],
    ['my server', { kind: 'refused', reason: 'unreadable' }],
    ['https://sync.example/vault', { kind: 'refused', reason: 'more' }],
    ['https://sync.example/?a=1', { kind: 'refused', reason: 'more' }],
    ['https://me:secret@sync.example', { kind: 'refused', reason: 'more' }],
  ])('refuses %j', (typed, read) => {
    expect(readServer(typed)).toEqual(read)
  })
})
