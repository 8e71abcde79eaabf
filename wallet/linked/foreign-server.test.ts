import { describe, expect, it } from 'vitest'
import { assertMayName } from './foreign-server.ts'

const WEB = 'https://app.example.test'

describe('a server that a page names', () => {
  it.each(['https://sync.example.test', 'https://sync.example.test:8443'])(
    'is asked where it is one of the web: %s',
    (server) => {
      expect(() => {
        assertMayName(server, WEB)
      }).not.toThrow()
    },
  )

  it.each([
    ...['http://localhost:3000', 'http://127.0.0.1:11434', 'https://[::1]', 'https://[fd00::1]'],
    ...['https://192.168.1.1', 'https://10.0.0.1:8443', 'https://router', 'https://nas.local'],
    ...['https://a.localhost', 'https://wiki.internal', 'https://printer.lan'],
  ])('C106: is not asked in the person’s own network for a page of the web: %s', (server) => {
    expect(() => {
      assertMayName(server, WEB)
    }).toThrow(expect.objectContaining({ code: 'request.invalid' }) as Error)
  })

  it('may be on this machine for a page that is', () => {
    expect(() => {
      assertMayName('http://127.0.0.1:8787', 'http://localhost:5173')
    }).not.toThrow()
  })
})
