import { describe, expect, it } from 'vitest'
import { PROVIDERS } from './catalogue.ts'
import { recogniseKey } from './recognise-key.ts'

// Built at run time: a literal of these shapes would trip every secret scanner.
const free = (length: number) => 'aB3dE5fG7h'.repeat(20).slice(0, length)
const MARK = ['T3Blbk', 'FJ'].join('')
const marked = (side: number) => `${free(side)}${MARK}${free(side)}`

describe('recogniseKey', () => {
  it.each([
    ['openai', 'project', `sk-proj-${marked(74)}`],
    ['openai', 'project', `sk-proj-${marked(58)}`],
    ['openai', 'service-account', `sk-svcacct-${marked(74)}`],
    ['openai', 'legacy-user', `sk-${marked(20)}`],
    ['openai', 'project-tolerant', `sk-proj-${free(120)}`],
    ['anthropic', 'api', `sk-ant-api03-${free(93)}AA`],
    ['google', 'auth-key', `AQ.Ab8RN6${free(44)}`],
    ['google', 'standard-key', `AIza${free(35)}`],
    ['groq', 'api', `gsk_${free(52)}`],
  ])('stores %s %s keys', (provider, kind, key) => {
    expect(recogniseKey(key)).toMatchObject({ provider, kind, storable: true })
  })

  it.each([
    ['openai', 'admin', `sk-admin-${marked(74)}`],
    ['openai', 'admin-tolerant', `sk-admin-${free(60)}`],
    ['openai', 'ephemeral', `ek_${free(40)}`],
    ['openai', 'session', `sess-${free(40)}`],
    ['anthropic', 'admin', `sk-ant-admin01-${free(93)}AA`],
    ['anthropic', 'oauth-access', `sk-ant-oat01-${free(60)}`],
    ['anthropic', 'oauth-refresh', `sk-ant-ort01-${free(60)}`],
    ['anthropic', 'session', `sk-ant-sid01-${free(60)}`],
  ])('recognises %s %s and refuses to store it (C39)', (provider, kind, key) => {
    expect(recogniseKey(key)).toMatchObject({ provider, kind, storable: false })
  })

  it.each([
    '',
    'sk-',
    `gsk_${free(51)}`,
    `gsk_${free(53)}`,
    ` gsk_${free(52)}`,
    `gsk_${free(52)}\n`,
    `key: gsk_${free(52)}`,
    `gsk_${free(52)} gsk_${free(52)}`,
    `sk-ant-api03-${free(92)}AA`,
    `sk-${free(48)}`,
    free(64),
  ])('does not know %j', (text) => {
    expect(recogniseKey(text)).toBeNull()
  })

  it('reads hostile text in linear time (C60, C76)', () => {
    const texts = ['sk-proj-', 'sk-ant-oat01-', 'AQ.', 'AIza', 'gsk_', 'ek_'].map(
      (start) => start + 'a'.repeat(200_000),
    )
    const patterns = Object.values(PROVIDERS).flatMap((provider) => provider.keyPatterns)
    const startedAt = performance.now()
    for (const { pattern } of patterns) for (const text of texts) pattern.test(text)

    expect(performance.now() - startedAt).toBeLessThan(2000)
    for (const { pattern } of patterns) expect(pattern.flags).toBe('')
  })
})
