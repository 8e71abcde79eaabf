import { describe, expect, it } from 'vitest'
import { assertMayName } from './named-server.ts'

const WEB = 'https://app.example.test'
const naming = (server: string, page: string) => () => {
  assertMayName(server, page)
}
const refused = expect.objectContaining({ code: 'request.invalid' }) as Error

describe('a server that a page names', () => {
  it.each(['https://sync.example.test', 'https://sync.example.test:8443'])(
    'is asked where it is one of the web: %s',
    (server) => {
      expect(naming(server, WEB)).not.toThrow()
      expect(naming(server, 'http://app.example.test')).not.toThrow()
    },
  )

  it.each([
    ...['http://localhost:3000', 'http://127.0.0.1:11434', 'https://[::1]', 'https://[fd00::1]'],
    ...['https://192.168.1.1', 'https://10.0.0.1:8443', 'https://router', 'https://nas.local'],
    ...['https://a.localhost', 'https://wiki.internal', 'https://printer.lan'],
    ...['https://169.254.169.254', 'https://api.openai.com'],
  ])('C106: is not asked in the person’s own network for a page of the web: %s', (server) => {
    expect(naming(server, WEB)).toThrow(refused)
    expect(naming(server, 'http://app.example.test')).toThrow(refused)
  })

  it('may be on this computer or its network for a page that is', () => {
    expect(naming('http://127.0.0.1:8787', 'http://localhost:5173')).not.toThrow()
    expect(naming('https://nas.local', 'http://localhost:5173')).not.toThrow()
    expect(naming('https://169.254.169.254', 'http://localhost:5173')).toThrow(refused)
  })
})
