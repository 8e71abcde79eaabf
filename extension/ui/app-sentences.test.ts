import { describe, expect, it } from 'vitest'
import { keyIdSchema, type Terms } from '@valetkey/wallet/protocol'
import { appCan, appCannot } from './app-sentences.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const KEY = keyIdSchema.parse(`${'a'.repeat(21)}A`)
const TERMS: Terms = {
  ...{ schema: 1, lane: 'proxy' },
  providers: [
    {
      provider: 'openai',
      keys: { only: KEY },
      models: ['gpt-5*'],
      capabilities: ['chat', 'image'],
    },
  ],
  budgets: [
    { usd: '5.00', window: 'month' },
    { usd: '1.00', window: 'day' },
  ],
  limits: { perMinute: 60, parallel: 4, maxOutputTokens: 16_384 },
  expiresAt: NOW + 86_400_000,
}

describe('an app in plain words', () => {
  it('can do what the terms name, and nothing where they name nothing', () => {
    expect(appCan(TERMS)).toEqual([
      'It can write and answer and make images, with OpenAI.',
      'It can use gpt-5* only.',
      'It can read what you give to the AI and what the AI answers.',
    ])
    expect(appCan({ ...TERMS, providers: [] })).toHaveLength(1)
  })

  it('cannot do what they leave out', () => {
    expect(appCannot(TERMS, NOW)).toEqual([
      'It cannot see your key.',
      'It cannot upload files, make the AI open web addresses or change your account.',
      'It cannot spend more than $5.00 a month or $1.00 a day.',
      'It cannot make more than 60 calls a minute, or 4 at once.',
      'It cannot get answers longer than 16,384 text pieces.',
      'It cannot go on after 22 November.',
    ])
  })

  it('cannot go beyond any limit that was set', () => {
    const said = appCannot(
      {
        ...TERMS,
        askAbove: '0.25',
        requests: [{ count: 1000, window: 'day' }],
        tokens: [{ count: 5000, window: 'week' }],
        endpoints: ['POST /v1/chat/completions'],
      },
      NOW,
    ).join(' ')

    expect(said).toContain('more than $0.25 without asking you')
    expect(said).toContain('more than 1,000 calls a day.')
    expect(said).toContain('more than 5,000 text pieces a week')
    expect(said).toContain('anything but POST /v1/chat/completions')
    expect(appCannot({ ...TERMS, askAlways: true }, NOW)).toContain(
      'It cannot make any call without asking you.',
    )
  })
})
