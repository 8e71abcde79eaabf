import { describe, expect, it } from 'vitest'
import { DASHBOARDS, dashboardOf } from './dashboards.ts'
import { lookalikeOf } from './lookalike.ts'

describe('dashboards', () => {
  it('C56: are exact origins', () => {
    expect(dashboardOf('https://platform.openai.com')).toBe('openai')
    for (const origin of [
      'http://platform.openai.com',
      'https://platform.openai.com:8443',
      'https://platform.openai.com.',
      'https://openai.com',
      'https://backoffice.mistral.ai',
      'https://console.cloud.google.com',
    ]) {
      expect(dashboardOf(origin), origin).toBeNull()
    }
  })

  it('are never their own lookalikes, nor are other hosts of their domains', () => {
    for (const { host } of DASHBOARDS) expect(lookalikeOf(host), host).toBeNull()
    for (const host of [
      'chat.openai.com',
      'openai.com',
      'docs.x.ai',
      'api.groq.com',
      'claude.com',
    ]) {
      expect(lookalikeOf(host), host).toBeNull()
    }
  })
})

describe('a host that is taken for a dashboard (C56)', () => {
  it.each([
    ['platform.openal.com', 'letters'],
    ['platform.openai.corn', 'letters'],
    ['platform.0penai.com', 'letters'],
    ['platform.open-ai.com', 'near'],
    ['platform.opneai.com', 'near'],
    ['platform.openaii.com', 'near'],
    ['platform.openai.co', 'suffix'],
    ['platform.openai.help', 'suffix'],
    ['platform.openai.com.login.example', 'suffix'],
    ['platform-openai-com.example', 'suffix'],
    ['login.platform.openai.com.example.org', 'suffix'],
  ])('%s: %s', (hostname, why) => {
    expect(lookalikeOf(hostname)).toMatchObject({ provider: 'openai', why })
  })

  it('is seen through letters of other scripts', () => {
    const cyrillic = 'platform.openаi.com'
    const { hostname } = new URL(`https://${cyrillic}`)
    expect(hostname).toMatch(/xn--/)

    expect(lookalikeOf(hostname, cyrillic)).toMatchObject({ provider: 'openai', why: 'letters' })
    expect(lookalikeOf(hostname)).toMatchObject({ provider: 'openai', why: 'letters' })
    expect(lookalikeOf('xn--grq-qmc.example', 'cοnsole.groq.com')).toMatchObject({
      provider: 'groq',
    })
  })

  it.each([
    'example.com',
    'localhost',
    'app.example.test',
    'quill.example.com',
    'fa1.org',
    'console.com',
  ])('is not %s', (hostname) => {
    expect(lookalikeOf(hostname)).toBeNull()
  })
})
