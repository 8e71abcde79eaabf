/** Apps as the dashboard shows them: every site that holds a grant, or held one last. */
import {
  WalletError,
  type AppDetail,
  type AppSummary,
  type GrantId,
  type TermChoices,
  type Terms,
  type UsageCursor,
} from '@valetkey/wallet/protocol'
import type { UsagePage } from '@valetkey/wallet/metering'
import { providerById } from '@valetkey/wallet/providers'
import type { OpenVault } from '@valetkey/wallet/vault'
import { keysInForce, originOfGrant, shownGrants, type GrantRecord } from './grants-of-sites.ts'
import { usableKeys } from './key-ring.ts'
import { OFFERED_CAPABILITIES } from './sites.ts'
import type { Wallet } from './wallet.ts'

type Parts = Pick<Wallet, 'sites' | 'ledger' | 'removals'>

/** Every app, those that hold a grant first. */
export async function listApps(vault: OpenVault, parts: Parts): Promise<AppSummary[]> {
  const { records } = await vault.listRecords('grant')
  const shown = shownGrants(records)
  const apps = await Promise.all(shown.map((record) => summaryOf(record, parts)))
  return apps.filter((app) => app !== null)
}

/** All about one app. @throws `request.not_found` */
export async function describeApp(
  vault: OpenVault,
  grantId: GrantId,
  parts: Parts,
): Promise<AppDetail> {
  const { records } = await vault.listRecords('grant')
  const record = records.find(({ id }) => id === grantId)
  const summary = record && (await summaryOf(record, parts))
  if (!record || !summary) throw new WalletError('request.not_found')
  const { terms, valetKeys, createdAt } = record.fields
  return {
    ...{ ...summary, createdAt },
    valetKeys: summary.state === 'off' ? [] : keysInForce(valetKeys, terms),
    choices: await choicesFor(vault, terms, parts),
  }
}

/** What a form about these terms offers. */
export async function choicesFor(
  vault: OpenVault,
  proposed: Terms,
  { removals }: Pick<Wallet, 'removals'>,
): Promise<TermChoices> {
  const keys = (await usableKeys(vault, removals)).map(({ id, fields }) => ({
    ...{ id, provider: fields.provider, label: fields.label },
  }))
  const models = Object.fromEntries(
    keys.map(({ provider }) => [provider, [...providerById(provider).models]]),
  )
  return { proposed, keys, models, capabilities: [...OFFERED_CAPABILITIES] }
}

/** When the newest call of a grant began, Unix ms. */
async function lastUseOf(
  grantId: GrantId,
  { ledger }: Pick<Wallet, 'ledger'>,
): Promise<number | null> {
  let before: UsageCursor | null = null
  do {
    const page: UsagePage = await ledger.rows({
      ...{ filter: { grantIds: [grantId] }, before, limit: 1 },
    })
    const [row] = page.rows
    if (row) return row.startedAt
    before = page.next
  } while (before)
  return null
}

async function summaryOf(
  record: GrantRecord,
  { sites, ledger }: Parts,
): Promise<AppSummary | null> {
  const { id, fields } = record
  const origin = originOfGrant(fields)
  if (origin === null) return null
  const state = fields.status === 'revoked' ? 'off' : await sites.stateOf(record)
  const usedNanoUsd = [...(await ledger.used(id, fields.terms.budgets))]
  return {
    ...{ grantId: id, origin, state, terms: fields.terms, usedNanoUsd },
    lastUsedAt: await lastUseOf(id, { ledger }),
  }
}
