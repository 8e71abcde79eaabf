import { expect, it } from 'vitest'
import { ERROR_TABLE, type SiteState } from '@valetkey/wallet/protocol'
import { openRefusal } from './refusal.ts'

const NOW = 1_800_000_000_000

it('says what happened and what to do', () => {
  const { message, action } = ERROR_TABLE['budget.exceeded']

  expect(openRefusal(site('on', 'budget.exceeded'), NOW)).toEqual({ at: NOW - 1, message, action })
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
