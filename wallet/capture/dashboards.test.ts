import { describe, expect, it } from 'vitest'
import { PROVIDERS } from '../providers/index.ts'
import { KEY_PATTERNS } from '../providers/key-patterns.ts'
import { DASHBOARDS, dashboardAt, dashboardOf } from './dashboards.ts'

describe('the dashboards', () => {
  it('bear their providers’ names', () => {
    for (const { provider, name } of DASHBOARDS) expect(name).toBe(PROVIDERS[provider].name)
  })

  it('are found at their exact origin alone (C56)', () => {
    expect(dashboardAt('https://console.groq.com')).toMatchObject({ provider: 'groq' })
    for (const origin of ['https://console.groq.com:8443', 'http://console.groq.com', 'null', ''])
      expect([origin, dashboardOf(origin)]).toEqual([origin, null])
  })

  it('that show whole keys to their copy button alone are marked', () => {
    const marked = DASHBOARDS.filter(({ copyOnly }) => copyOnly).map(({ provider }) => provider)
    expect([...new Set(marked)]).toEqual([
      ...['google', 'cerebras', 'stability', 'azure-openai', 'zhipu', 'jina'],
    ])
  })
})

it('the forms of keys in pages are those of the catalogue', () => {
  for (const { id, keyPatterns } of Object.values(PROVIDERS)) {
    expect(keyPatterns).toBe(KEY_PATTERNS[id])
  }
})
