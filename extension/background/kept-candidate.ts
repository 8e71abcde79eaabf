/** A key that was picked up and confirmed: judged once more, stored, given to the sites the person ticked. */
import {
  WalletError,
  keysOf,
  type GrantId,
  type KeyId,
  type KeyTest,
  type ProviderId,
  type ProviderKey,
  type Terms,
  type UiParams,
  type UiResult,
} from '@valetkey/wallet/protocol'
import { placeProvider, providerById } from '@valetkey/wallet/providers'
import { testKey } from '@valetkey/wallet/proxy'
import { orderAtEnd, type OpenVault } from '@valetkey/wallet/vault'
import type { Candidate } from './captures.ts'
import { remind } from './expiry-reminders.ts'
import { findStandingGrant, originOfGrant, standing } from './grants-of-sites.ts'
import { openAllKeys } from './key-ring.ts'
import { readNewSecret } from './new-secret.ts'
import type { FoundKey } from './read-candidate.ts'
import type { Wallet } from './wallet.ts'

type Wishes = Omit<UiParams<'capture.save'>, 'id'>

interface Around {
  readonly vault: OpenVault
  readonly wallet: Wallet
}

/** The key of the vault that is this very one. */
export async function findDuplicate(
  vault: OpenVault,
  key: string,
  { removals }: Pick<Wallet, 'removals'>,
): Promise<{ readonly keyId: KeyId; readonly label: string } | null> {
  const { records } = await openAllKeys(vault, removals)
  const same = records.find(({ fields }) => fields.secret === key)
  return same ? { keyId: same.id, label: same.fields.label } : null
}

/** The sites whose grant names keys of a provider, but for those the browser itself puts a key in. */
export async function sitesWithKeysOf(
  vault: OpenVault,
  provider: ProviderId,
): Promise<{ grantId: GrantId; origin: string }[]> {
  const { records } = await vault.listRecords('grant')
  return standing(records).flatMap(({ id, fields }) => {
    const origin = originOfGrant(fields)
    const isOn = fields.status === 'active' || fields.status === 'paused'
    return origin !== null && isOn && takesKey(fields.terms, provider)
      ? [{ grantId: id, origin }]
      : []
  })
}

/** Asks its provider about a key. Where it may go nowhere without a place of its own, nobody can be asked. */
export async function testCandidate(
  { provider, key }: FoundKey,
  { forward, clock }: Pick<Wallet, 'forward' | 'clock'>,
): Promise<KeyTest> {
  const facts = placeProvider(providerById(provider), null)
  const outcome = facts ? await testKey(facts, key, forward) : 'unreachable'
  return { at: clock(), outcome }
}

/**
 * Stores a key and what its test said.
 * @throws `request.unprocessable` for one the vault has, one that needs a place of its own, and one the page
 * itself copied that was not seen to work; `grant.missing` for a site that takes no such key
 */
export async function keepCandidate(
  candidate: Candidate,
  wishes: Wishes,
  { vault, wallet }: Around,
): Promise<UiResult<'capture.save'>> {
  const { provider, test } = candidate
  const secret = readNewSecret(candidate.key)
  const facts = providerById(provider)
  const unfit = placeProvider(facts, null) === null || (await findDuplicate(vault, secret, wallet))
  // C59: what a page hands to the clipboard may be anything, as long as nobody tried it.
  const untried = candidate.via === 'copy' && test?.outcome !== 'works'
  if (unfit || untried) throw new WalletError('request.unprocessable')
  await assertTakeKey(vault, wishes.grantIds, provider)
  const { records } = await vault.listKeys()
  const keyId = await vault.createRecord('key', {
    ...{ provider, secret, baseUrl: null, label: wishes.label.trim() || facts.name, notes: '' },
    ...{ createdAt: wallet.clock(), expiresAt: wishes.expiresAt, lastTest: test },
    ...{ order: orderAtEnd(records), archived: false },
  })
  // From here on it is stored: nothing that fails may bring it back as a candidate.
  const leftOut = await giveToSites(
    keyId,
    { provider, grantIds: wishes.grantIds },
    { vault, wallet },
  )
  const known = test ?? (await testStored(keyId, { provider, key: secret }, { vault, wallet }))
  await remind(vault, wallet).catch(() => undefined)
  await wallet.consents.release(candidate.id).catch(() => undefined)
  wallet.announceChange()
  return { keyId, test: known, leftOut }
}

async function testStored(
  keyId: KeyId,
  found: { provider: ProviderId; key: ProviderKey },
  { vault, wallet }: Around,
): Promise<KeyTest> {
  const test = await testCandidate(found, wallet)
  await vault.updateRecord('key', keyId, { lastTest: test }).catch(() => undefined)
  return test
}

/** Only sites the window may have offered. */
async function assertTakeKey(
  vault: OpenVault,
  grantIds: readonly GrantId[],
  provider: ProviderId,
): Promise<void> {
  const offered = await sitesWithKeysOf(vault, provider)
  const isOffered = (wanted: GrantId) => offered.some(({ grantId }) => grantId === wanted)
  if (!grantIds.every(isOffered)) throw new WalletError('grant.missing')
}

/** Puts a key behind those a grant names: it is used when they are not taken. @returns sites left out */
async function giveToSites(
  keyId: KeyId,
  { provider, grantIds }: { readonly provider: ProviderId; readonly grantIds: readonly GrantId[] },
  { vault, wallet }: Around,
): Promise<string[]> {
  const leftOut: string[] = []
  for (const grantId of grantIds) {
    const record = await findStandingGrant(vault, grantId).catch(() => null)
    if (!record) continue
    const { terms } = record.fields
    const providers = terms.providers.map((each) =>
      each.provider === provider
        ? { ...each, keys: { pool: [...keysOf(each.keys), keyId] } }
        : each,
    )
    try {
      await wallet.sites.changeTerms(vault, grantId, { ...terms, providers })
    } catch {
      const origin = originOfGrant(record.fields)
      if (origin !== null) leftOut.push(origin)
    }
  }
  return leftOut
}

/** Compatibility mode has a rule for one key: there the person chooses which. */
function takesKey({ lane, providers }: Terms, provider: ProviderId): boolean {
  return lane === 'proxy' && providers.some((each) => each.provider === provider)
}
