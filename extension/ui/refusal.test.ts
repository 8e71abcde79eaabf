import { expect, it } from 'vitest'
import { ERROR_TABLE, type SiteState } from '@valetkey/wallet/protocol'
import { openRefusal } from './refusal.ts'

const NOW = 1_800_000_000_000

it('says what happened and what to do', () => {
  const { message, action } = ERROR_TABLE['budget.exceeded']

  expect(openRefusal(site('on', 'budget.exceeded'), NOW)).toEqual({ at: NOW - 1, message, action })
})

it.each<[string, Record<string, string>, string]>([
  ['grant.model_denied', { model: 'gpt-4.1' }, 'It asked for the model “gpt-4.1”.'],
  ['grant.model_denied', { model: 'x'.repeat(99) }, `the model “${'x'.repeat(60)}”.`],
  ['grant.capability_denied', { capability: 'image' }, 'It wanted to make images.'],
  ['grant.denied', { term: 'keys' }, 'It has no key of that provider to use.'],
  [
    'budget.exceeded',
    { window: 'month', limitUsd: '5.00', usedUsd: '4.991', neededUsd: '0.02' },
    'It could cost $0.02, and $5.00 of $5.00 a month are used or held.',
  ],
  [
    'budget.exceeded',
    {
      ...{ window: 'month', limitUsd: '2.50', usedUsd: '2.491', neededUsd: '0.02' },
      wholeUsd: '5.00',
    },
    'This device’s part is used up: $2.50 of $5.00 a month. Your other devices hold the rest',
  ],
])('says which term refused: %s', (code, details, sentence) => {
  const refused = site('on', code)
  const lastRefusal = refused.lastRefusal && { ...refused.lastRefusal, details }

  expect(openRefusal({ ...refused, state: 'paused', lastRefusal }, NOW)?.action).toContain(sentence)
})

it('says no term where the details are another version’s', () => {
  const refused = site('on', 'budget.exceeded')
  const lastRefusal = refused.lastRefusal && {
    ...refused.lastRefusal,
    details: { window: 'fortnight', limitUsd: '5.00' },
  }

  expect(openRefusal({ ...refused, lastRefusal }, NOW)?.action).toBe(
    ERROR_TABLE['budget.exceeded'].action,
  )
})

it.each([
  ['there was none', site('on', null)],
  ['the vault is open again', site('on', 'vault.locked')],
  ['the site was switched on since', site('on', 'grant.missing')],
  ['the code is of another version', site('on', 'grant.unheard_of')],
  ['it was yesterday', site('on', 'budget.exceeded', NOW - 25 * 3_600_000)],
])('says nothing when %s', (_why, state) => {
  expect(openRefusal(state, NOW)).toBeNull()
})

it('still says that a site is off while it is off', () => {
  expect(openRefusal(site('off', 'grant.missing'), NOW)?.message).toBe(
    ERROR_TABLE['grant.missing'].message,
  )
})

function site(state: SiteState['state'], code: string | null, at = NOW - 1): SiteState {
  return {
    origin: 'https://app.example.com',
    state,
    grant: null,
    lastRefusal: code === null ? null : { code, at },
    foreignHost: null,
  }
}
