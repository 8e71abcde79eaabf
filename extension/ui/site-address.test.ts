import { describe, expect, it } from 'vitest'
import {
  hasForeignLetters,
  hostOf,
  hostnameOf,
  readTabAddress,
  readTypedAddress,
} from './site-address.ts'

describe('readTabAddress', () => {
  it('takes the exact origin of a page', () => {
    expect(readTabAddress('https://app.example.com:8443/chat?q=1#x')).toEqual({
      kind: 'site',
      origin: 'https://app.example.com:8443',
    })
  })

  it.each([
    ['http://app.example.com/', 'insecure'],
    ['chrome://extensions/', 'browser-page'],
    ['file:///etc/passwd', 'browser-page'],
    ['data:text/html,x', 'browser-page'],
    ['about:blank', 'browser-page'],
    ['', 'unreadable'],
    ['nonsense', 'unreadable'],
  ])('finds no site in %j', (address, kind) => {
    expect(readTabAddress(address)).toMatchObject({ kind })
  })
})

describe('readTypedAddress', () => {
  it.each([
    ['app.example.com', 'https://app.example.com'],
    [' app.example.com/chat ', 'https://app.example.com'],
    ['https://app.example.com', 'https://app.example.com'],
    ['localhost:5173', 'http://localhost:5173'],
    ['127.0.0.1:8080/x', 'http://127.0.0.1:8080'],
  ])('reads %j as %s', (typed, origin) => {
    expect(readTypedAddress(typed)).toEqual({ kind: 'site', origin })
  })

  it.each([
    ['', 'unreadable'],
    ['chat', 'unreadable'],
    ['two words.com', 'unreadable'],
    ['http://app.example.com', 'insecure'],
    ['chrome://settings', 'browser-page'],
    ['*.example.com', 'unreadable'],
    ['example.com.', 'unreadable'],
  ])('finds no site in %j', (typed, kind) => {
    expect(readTypedAddress(typed)).toMatchObject({ kind })
  })
})

describe('hostOf', () => {
  it('shows the ASCII form of a host with foreign letters (C5)', () => {
    const origin = new URL('https://\u0430pple.com').origin

    expect(hostOf(origin)).toBe('xn--pple-43d.com')
    expect(hasForeignLetters(origin)).toBe(true)
    expect(hasForeignLetters('https://apple.com')).toBe(false)
  })

  it('keeps port and plain http in view', () => {
    expect(hostOf('https://app.example.com:8443')).toBe('app.example.com:8443')
    expect(hostOf('http://localhost:5173')).toBe('http://localhost:5173')
  })
})

describe('the host an address stands for', () => {
  it.each([
    ['https://platform.openai.com:8443/keys', 'platform.openai.com'],
    ['http://platform.openal.com/keys', 'platform.openal.com'],
    ['chrome://extensions/', null],
    ['nonsense', null],
  ])('of %s is %s', (address, host) => {
    expect(hostnameOf(readTabAddress(address))).toBe(host)
  })
})
