import { describe, expect, it } from 'vitest'
import type { Capability, ProviderId, Terms } from '@valetkey/wallet/protocol'
import { canSentences, cannotSentence, siteSentence, wantsSentence } from './sentences.ts'

describe('siteSentence', () => {
  it('says what a site may do, with whom, and up to how much', () => {
    expect(siteSentence(terms(['chat']))).toBe('may chat with OpenAI, up to $5.00 a month')
  })

  it('joins several abilities, providers and limits as a person would', () => {
    const many = terms(['chat', 'image'], ['openai', 'anthropic', 'groq'])
    const budgets = [...many.budgets, { usd: '0.50', window: 'day' as const }]

    expect(siteSentence({ ...many, budgets })).toBe(
      'may chat and make images with OpenAI, Anthropic and Groq, up to $5.00 a month and up to $0.50 a day',
    )
  })

  it('says that terms without a capability or a provider allow nothing', () => {
    expect(siteSentence(terms([]))).toBe('may do nothing')
    expect(siteSentence(terms(['chat'], []))).toBe('may do nothing')
  })
})

describe('the consent window', () => {
  it('says what a chat app wants, can and cannot do', () => {
    const chat = terms(['chat'])

    expect(wantsSentence(['chat'])).toBe(
      'wants to write and answer with AI. It will never see your key.',
    )
    expect(canSentences(chat)).toEqual([
      'It can read what you give to the AI and what the AI answers.',
    ])
    expect(cannotSentence(chat)).toBe('It cannot upload files, make images or change your account.')
  })

  it('never says that a site cannot do what its terms allow', () => {
    const wide = terms(['chat', 'image', 'stored.ids', 'tools.fetch'])

    expect(canSentences(wide)[1]).toBe(
      'It can make images, keep files and answers at the provider and let the AI open web addresses.',
    )
    expect(cannotSentence(wide)).toBe('It cannot change your account.')
  })

  it('says when it will ask again', () => {
    expect(canSentences({ ...terms(['chat']), askAlways: true, askAbove: '0.25' })).toEqual([
      'It can read what you give to the AI and what the AI answers.',
      'It asks you before every call.',
      'It asks you before a call that may cost more than $0.25.',
    ])
  })
})

function terms(capabilities: Capability[], providers: ProviderId[] = ['openai']): Terms {
  return {
    schema: 1,
    providers: providers.map((provider) => ({
      provider,
      keys: { pool: [] },
      models: 'any',
      capabilities,
    })),
    budgets: [{ usd: '5.00', window: 'month' }],
    limits: { perMinute: 60, parallel: 8, maxOutputTokens: 4096 },
    expiresAt: 0,
    lane: 'proxy',
  }
}
