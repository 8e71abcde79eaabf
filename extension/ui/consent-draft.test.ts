import { describe, expect, it } from 'vitest'
import {
  consentRequestSchema,
  keyIdSchema,
  termsSchema,
  type ConsentRequest,
  type KeyId,
} from '@valetkey/wallet/protocol'
import { draftOf, modelsOffered, providersOf, readDraft, withKey } from './consent-draft.ts'
import { MESSAGES } from './messages.ts'

const words = MESSAGES.consent
const OPENAI_KEY = `${'a'.repeat(21)}A`
const OTHER_KEY = `${'b'.repeat(21)}A`
const GROQ_KEY = `${'c'.repeat(21)}A`

describe('an untouched draft', () => {
  it('grants exactly the proposal', () => {
    expect(readDraft(asked, draftOf(asked))).toEqual({ kind: 'complete', terms: asked.proposed })
  })

  it('leaves a provider off that was not proposed', () => {
    expect(providersOf(asked)).toEqual(['openai', 'groq'])
    expect(draftOf(asked).keys.groq).toBeNull()
  })

  it('offers the models of the catalogue and those proposed besides', () => {
    expect(modelsOffered(asked, 'openai')).toEqual(['gpt-new', 'gpt-old', 'gpt-odd*'])
  })
})

describe('the keys of a provider', () => {
  const [one, two, three] = [keyId(OPENAI_KEY), keyId(OTHER_KEY), keyId(GROQ_KEY)]
  const order = [one, two, three]

  it('are one key, a pool in the person’s own order, or none', () => {
    const first = withKey(null, { keyId: three, ticked: true, order })
    expect(first).toEqual({ only: three })
    const second = withKey(first, { keyId: one, ticked: true, order })
    expect(second).toEqual({ pool: [one, three] })
    const third = withKey(second, { keyId: three, ticked: false, order })
    expect(third).toEqual({ only: one })

    expect(withKey(third, { keyId: one, ticked: false, order })).toBeNull()
  })

  it('that are not offered any more drop out of a choice', () => {
    expect(
      withKey({ pool: [two, three] }, { keyId: one, ticked: true, order: [one, two] }),
    ).toEqual({
      pool: [one, two],
    })
  })
})

describe('when the person is asked', () => {
  const base = draftOf(asked)
  it.each([
    [{ askAlways: true, askAbove: '0.10' }, 'always', '0.10'],
    [{ askAbove: '0.1' }, 'above', '0.10'],
    [{}, 'never', '0.25'],
  ] as const)('%j is shown as %s', (over, ask, askAmount) => {
    const draft = draftOf({ ...asked, proposed: { ...asked.proposed, ...over } })

    expect(draft).toMatchObject({ ask, askAmount })
  })

  it('is what stands in the window, whatever was proposed', () => {
    const proposed = { ...asked.proposed, askAlways: true, askAbove: '0.10' }
    const given = (ask: 'never' | 'above' | 'always') => {
      const { terms } = readDraft({ ...asked, proposed }, { ...base, ask, askAmount: '0,5' })
      return [terms.askAlways, terms.askAbove]
    }

    expect(given('never')).toEqual([undefined, undefined])
    expect(given('above')).toEqual([undefined, '0.50'])
    expect(given('always')).toEqual([true, undefined])
  })

  it('needs an amount only where there is one to ask above', () => {
    const without = { ...base, askAmount: '' }

    expect(readDraft(asked, { ...without, ask: 'above' })).toMatchObject({
      kind: 'incomplete',
      missing: words.needsAskAmount,
    })
    expect(readDraft(asked, { ...without, ask: 'always' }).kind).toBe('complete')
  })
})

describe('a changed draft', () => {
  it('takes the names of models a person types, each once', () => {
    const patterns = { openai: ' gpt-5*, gpt-new\no3 ' }
    const { terms } = readDraft(asked, { ...draftOf(asked), patterns })

    expect(terms.providers[0]?.models).toEqual(['gpt-new', 'gpt-odd*', 'gpt-5*', 'o3'])
    expect(termsSchema.safeParse(terms).success).toBe(true)
  })

  it('narrows the addresses that were proposed, and adds none', () => {
    const proposed = { ...asked.proposed, endpoints: ['POST /a', 'GET /b'] }
    const request = { ...asked, proposed }
    const draft = draftOf(request)

    expect(readDraft(request, draft)).toEqual({ kind: 'complete', terms: proposed })
    const one = readDraft(request, { ...draft, endpoints: ['GET /b'] })
    expect(one.terms.endpoints).toEqual(['GET /b'])
    expect(readDraft(request, { ...draft, endpoints: [] })).toMatchObject({
      missing: words.needsEndpoint,
    })
  })

  it('drops keys that are gone since the terms were given', () => {
    const gone = keyIdSchema.parse(`${'z'.repeat(21)}A`)
    const [entry] = asked.proposed.providers
    if (!entry) throw new TypeError('no provider')
    const withPool = (pool: KeyId[]) =>
      draftOf({
        ...asked,
        proposed: { ...asked.proposed, providers: [{ ...entry, keys: { pool } }] },
      }).keys.openai

    expect(withPool([gone, keyId(OTHER_KEY)])).toEqual({ only: OTHER_KEY })
    expect(withPool([gone])).toBeNull()
  })

  it('grants what stands in the window, and keeps the limits it does not show', () => {
    const draft = {
      ...draftOf(asked),
      keys: { openai: { only: keyId(OTHER_KEY) } },
      models: { openai: ['gpt-new'] },
      amount: ' $2 ',
      window: 'week' as const,
      expiresAt: 5,
    }

    const { terms, kind } = readDraft(asked, draft)

    expect(kind).toBe('complete')
    expect(termsSchema.safeParse(terms).success).toBe(true)
    expect(terms).toEqual({
      ...asked.proposed,
      providers: [
        {
          provider: 'openai',
          keys: { only: OTHER_KEY },
          models: ['gpt-new'],
          capabilities: ['chat'],
        },
      ],
      budgets: [
        { usd: '2.00', window: 'week' },
        { usd: '1.00', window: 'day' },
      ],
      expiresAt: 5,
    })
  })

  it('gives a provider switched on by hand what is ticked, not all that could be', () => {
    const draft = draftOf(asked)

    const { terms } = readDraft(asked, {
      ...draft,
      keys: { ...draft.keys, groq: { only: keyId(GROQ_KEY) } },
    })

    expect(terms.providers[1]).toEqual({
      provider: 'groq',
      keys: { only: GROQ_KEY },
      models: ['llama'],
      capabilities: ['chat'],
    })
  })

  it('allows any model only when that is ticked', () => {
    const { terms } = readDraft(asked, { ...draftOf(asked), anyModel: true })

    expect(terms.providers[0]?.models).toBe('any')
  })

  it.each([
    ['no key', { keys: {} }, words.needsKey],
    ['no model', { models: {} }, words.needsModel],
    ['nothing it may do', { abilities: [] }, words.needsAbility],
    ['no amount', { amount: '' }, words.needsAmount],
    ['an amount of nothing', { amount: '0.00' }, words.needsAmount],
    ['half an amount', { amount: '5.' }, words.needsAmount],
    ['a model name nobody has', { patterns: { openai: 'x'.repeat(201) } }, words.needsShorterModel],
    ['half a number', { limits: { ...draftOf(asked).limits, parallel: '' } }, words.wrong.parallel],
  ])('cannot be allowed with %s', (_what, change, missing) => {
    expect(readDraft(asked, { ...draftOf(asked), ...change })).toMatchObject({
      kind: 'incomplete',
      missing,
    })
  })
})

function keyId(text: string): ConsentRequest['keys'][number]['id'] {
  const key = asked.keys.find(({ id }) => (id as string) === text)
  if (!key) throw new TypeError(`no key ${text}`)
  return key.id
}

const asked = consentRequestSchema.parse({
  id: 'question',
  origin: 'https://app.example.com',
  proposed: {
    schema: 1,
    providers: [
      {
        provider: 'openai',
        keys: { only: OPENAI_KEY },
        models: ['gpt-new', 'gpt-odd*'],
        capabilities: ['chat'],
      },
    ],
    budgets: [
      { usd: '5.00', window: 'month' },
      { usd: '1.00', window: 'day' },
    ],
    limits: { perMinute: 60, parallel: 8, maxOutputTokens: 4096 },
    expiresAt: 1_800_000_000_000,
    lane: 'proxy',
  },
  keys: [
    { id: OPENAI_KEY, provider: 'openai', label: 'personal' },
    { id: OTHER_KEY, provider: 'openai', label: 'work' },
    { id: GROQ_KEY, provider: 'groq', label: 'Groq' },
  ],
  models: { openai: ['gpt-new', 'gpt-old'], groq: ['llama'] },
  capabilities: ['chat', 'image', 'stored.ids'],
  call: null,
  app: null,
})
