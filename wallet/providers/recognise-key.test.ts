import { describe, expect, it } from 'vitest'
import type { ProviderId } from '../protocol/index.ts'
import { PROVIDERS } from './catalogue.ts'
import { recogniseKey } from './recognise-key.ts'

// Built at run time: a literal of these shapes would trip every secret scanner.
const free = (length: number) => 'aB3dE5fG7h'.repeat(20).slice(0, length)
const hex = (length: number) => 'a3b5d7e9f1c4'.repeat(20).slice(0, length)
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

  it.each<[ProviderId, string, string]>([
    ['openrouter', 'api-or-management', `sk-or-v1-${hex(64)}`],
    ['xai', 'api', `xai-${free(80)}`],
    ['together', 'api', `tgp_v1_${free(43)}`],
    ['fireworks', 'api', `fw_${free(24)}`],
    ['perplexity', 'api', `pplx-${free(48)}`],
    ['cerebras', 'api', `csk-${free(48).toLowerCase()}`],
    ['huggingface', 'user-access-token', `hf_${free(34)}`],
    ['replicate', 'api', `r8_${free(37)}`],
    ['elevenlabs', 'api', `sk_${hex(48)}`],
    ['zhipu', 'api', `${hex(32)}.${free(16)}`],
    ['voyage', 'api', `pa-${free(43)}`],
    ['nvidia', 'api', `nvapi-${free(64)}`],
    ['minimax', 'api', `sk-api-${free(119)}`],
    ['jina', 'api', `jina_${free(60)}`],
    ['azure-openai', 'api-84', `${free(52)}JQQJ99${free(18)}ACOG${free(4)}`],
  ])('knows %s %s keys wherever they stand', (provider, kind, key) => {
    expect(recogniseKey(key)).toMatchObject({ provider, kind, storable: true })
    // Nor does the name of another provider beside it make it another's.
    expect(recogniseKey(key, 'mistral')).toMatchObject({ provider, kind })
  })

  it.each<[ProviderId, string]>([
    ['mistral', free(32)],
    ['cohere', free(40)],
    ['deepseek', `sk-${hex(32)}`],
    ['alibaba', `sk-${hex(32)}`],
    ['stability', `sk-${free(48)}`],
    ['moonshot', `sk-${free(48)}`],
    ['deepgram', hex(40)],
    ['novita', `sk_${free(43)}`],
    ['ollama', `${hex(32)}.${free(24)}`],
    ['sambanova', `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`],
  ])('knows a key of %s only where something names it', (provider, key) => {
    expect(recogniseKey(key)).toBeNull()
    expect(recogniseKey(key, provider)).toMatchObject({ provider, storable: true })
    expect(recogniseKey(key, 'openai')).toBeNull()
  })

  it.each([
    `xai-token-${free(70)}`,
    `rt_${free(30)}`,
    `api_org_${free(34)}`,
    `hf_oauth_${free(40)}`,
  ])('refuses %s, whoever is named beside it (C39)', (key) => {
    expect(recogniseKey(key)?.storable).toBe(false)
    expect(recogniseKey(key, 'mistral')?.storable).toBe(false)
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
    const starts = ['sk-proj-', 'sk-ant-oat01-', 'AQ.', 'AIza', 'gsk_', 'ek_', 'xai-', 'sk_', 'rt_']
    const texts = starts.map((start) => start + 'a'.repeat(200_000))
    const patterns = Object.values(PROVIDERS).flatMap((provider) => provider.keyPatterns)
    const startedAt = performance.now()
    for (const { pattern } of patterns) for (const text of texts) pattern.test(text)

    expect(performance.now() - startedAt).toBeLessThan(2000)
    for (const { pattern } of patterns) expect(pattern.flags).toBe('')
  })
})
