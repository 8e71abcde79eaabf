/** What a client may do, as the person says it at the terminal. */
import { defaultTerms, type OfferedKey } from '@valetkey/wallet/grants'
import { usdSchema, type Terms } from '@valetkey/wallet/protocol'
import type { ListedKey } from '@valetkey/wallet/vault'
import { AgentError } from './agent-error.ts'
import type { Terminal } from './adapters/terminal.ts'
import { findKey } from './provider-keys.ts'

const DAY_MS = 86_400_000
const USUAL_DAYS = 30
const LONGEST_DAYS = 366

export interface Proposal {
  /** Unix ms */
  readonly now: number
  /** What is proposed for the keys that were chosen; absent: chat with any model. */
  readonly propose?: (keys: readonly OfferedKey[]) => Terms
  /** A month; absent: as it is proposed. */
  readonly usualUsd?: string
}

/**
 * Asks for the terms of one client; an empty answer takes what is proposed.
 * @throws AgentError for an answer that is none
 */
export async function askTerms(
  terminal: Terminal,
  keys: readonly ListedKey[],
  { now, propose = (offered) => defaultTerms({ now, keys: offered }), usualUsd }: Proposal,
): Promise<Terms> {
  const usable = keys.filter(({ fields }) => !fields.archived)
  if (usable.length === 0) throw new AgentError('There is no key yet. See: valetkey agent add')
  terminal.note(`Keys: ${usable.map(({ fields }) => fields.label).join(', ')}`)
  const words = await terminal.ask('Which keys, by label or id, comma between them? [all]')
  const chosen =
    words === '' ? usable : words.split(',').map((word) => findKey(usable, word.trim()))
  const offered = chosen.map(({ id, fields }) => ({ provider: fields.provider, keyId: id }))
  const terms = propose(offered)
  const usual = usualUsd ?? terms.budgets[0]?.usd ?? '5.00'
  const usd = (await terminal.ask(`Dollars a month, at most? [${usual}]`)) || usual
  if (!usdSchema.safeParse(usd).success) throw new AgentError('An amount is written as 5 or 5.00.')
  const days = (await terminal.ask(`For how many days? [${USUAL_DAYS}]`)) || String(USUAL_DAYS)
  return {
    ...terms,
    budgets: [{ usd, window: 'month' }],
    expiresAt: now + daysOf(days) * DAY_MS,
  }
}

function daysOf(text: string): number {
  const days = Number(text)
  if (!/^\d{1,3}$/.test(text) || days < 1 || days > LONGEST_DAYS) {
    throw new AgentError(`Days are a number from 1 to ${LONGEST_DAYS}.`)
  }
  return days
}
