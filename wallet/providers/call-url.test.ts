import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWalletError } from '../protocol/index.ts'
import { parseCallUrl } from './call-url.ts'

const HOST = 'https://api.openai.com'

function reasonOf(text: string): string {
  try {
    return `accepted as ${parseCallUrl(text).href}`
  } catch (error) {
    if (isWalletError(error, 'request.invalid')) return error.details?.reason ?? ''
    throw error
  }
}

describe('parseCallUrl', () => {
  it.each([
    [`${HOST}/v1/models`, `${HOST}/v1/models`],
    [`${HOST}:443/v1/models`, `${HOST}/v1/models`],
    [`${HOST}/v1/models?limit=1&after=a%2Fb`, `${HOST}/v1/models?limit=1&after=a%2Fb`],
    ['HTTPS://API.OPENAI.COM/v1/models', `${HOST}/v1/models`],
    // C23: judged after the parser resolved it.
    [`${HOST}/v1/chat/../models`, `${HOST}/v1/models`],
    [`${HOST}/v1/chat/%2e%2E/models`, `${HOST}/v1/models`],
    // C25: the parser's host is what is compared.
    ['https://api%2Eopenai.com/v1/models', `${HOST}/v1/models`],
    ['https://api。openai.com/v1/models', `${HOST}/v1/models`],
    ['https://api.op\tenai.com/v1/models', `${HOST}/v1/models`],
  ])('reads %j', (text, href) => {
    expect(parseCallUrl(text).href).toBe(href)
  })

  it.each([
    [`${HOST}/v1/..%2ffiles`, 'encoded path'],
    [`${HOST}/v1/..%2Ffiles`, 'encoded path'],
    [`${HOST}/v1/%5c..%5cfiles`, 'encoded path'],
    [`${HOST}/v1/%252e%252e/files`, 'encoded path'],
    [`${HOST}/v1/models%00`, 'encoded path'],
    [`${HOST}/v1/models%0d%0ax`, 'encoded path'],
    [`${HOST}/v1/x%2e./files`, 'encoded path'],
    [`${HOST}/v1/models;x=1`, 'path'],
    [`${HOST}/v1/models%3bx`, 'encoded path'],
    [`${HOST}//v1/models`, 'path'],
    [`${HOST}/v1//models`, 'path'],
  ])('refuses two paths in one, %j (%s, C24)', (text, reason) => {
    expect(reasonOf(text)).toBe(reason)
  })

  it.each([
    ['https:api.openai.com/v1/models', 'scheme'],
    ['https:/api.openai.com/v1/models', 'scheme'],
    ['https:///api.openai.com/v1/models', 'scheme'],
    ['https://\t/api.openai.com/v1/models', 'scheme'],
    ['https://\n\\api.openai.com/v1/models', 'scheme'],
    ['https://\\api.openai.com/v1/models', 'scheme'],
    ['//api.openai.com/v1/models', 'scheme'],
    ['/\\api.openai.com/v1/models', 'scheme'],
    [' https://api.openai.com/v1/models', 'scheme'],
    ['', 'scheme'],
    [`${HOST}/v1/models#`, 'fragment'],
    [`${HOST}/v1/models#x`, 'fragment'],
    [`https://user@api.openai.com/v1/models`, 'user'],
    [`https://@api.openai.com/v1/models`, 'user'],
    [`https://user:pw@api.openai.com/v1/models`, 'user'],
    [`https://api.openai.com@evil.test/v1/models`, 'user'],
    [`${HOST}/v1\\..\\files`, 'backslash'],
    [`${HOST}\\v1/files`, 'backslash'],
  ])('refuses two addresses in one, %j (%s, C26)', (text, reason) => {
    expect(reasonOf(text)).toBe(reason)
  })

  it.each([
    ['http://api.openai.com/v1/models', 'scheme'],
    ['wss://api.openai.com/v1/realtime', 'scheme'],
    [`${HOST}:8443/v1/models`, 'port'],
    ['https://exa mple.test/v1', 'url'],
    ['https://[::1/v1', 'url'],
  ])('refuses %j (%s)', (text, reason) => {
    expect(reasonOf(text)).toBe(reason)
  })

  it('gives what a second parse reads the same, and no path two servers read as two', () => {
    const piece = fc.constantFrom(
      '/',
      '..',
      '.',
      '%2e',
      '%2f',
      '%',
      '\\',
      ';',
      'v1',
      'files',
      '@',
      '#',
      '?',
      ':',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = `${HOST}/${pieces.join('')}`
        const reason = reasonOf(text)
        if (!reason.startsWith('accepted')) return
        const url = parseCallUrl(text)
        expect(new URL(url.href).href).toBe(url.href)
        expect(url.host).toBe('api.openai.com')
        expect(url.pathname).not.toMatch(/\/\/|\/\.\.?(?:\/|$)|[\\;]|%2f|%5c|%25/i)
      }),
    )
  })
})
