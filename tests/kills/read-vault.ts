import type { Page } from 'puppeteer'
import { askFrom } from '../support/driving/extension-messages.ts'
import type { ModelKey, ModelVault } from './vault-model.ts'

interface WaysIn {
  readonly passphrases: readonly string[]
  readonly recoveryKeys: readonly (string | null)[]
}

/**
 * Reads everything back by the extension's own requests, secrets included; unlocks first where a kill
 * locked. Leaves the vault unlocked.
 * @param may what may open it
 * @throws Error for a vault that none of them opens, or that is damaged
 */
export async function readVault(page: Page, may: WaysIn): Promise<ModelVault> {
  const { passphrases, recoveryKeys } = may
  const { vault } = await askFrom(page, 'status.get', {})
  if (vault !== 'locked' && vault !== 'unlocked') throw new Error(`The vault is ${vault}.`)
  if (vault === 'locked') await firstThatOpens(page, 'vault.unlock', passphrases)
  const passphrase = await firstThatOpens(page, 'vault.reauthenticate', passphrases)
  const settings = await askFrom(page, 'settings.get', {})
  const { revealKeys } = settings
  if (!revealKeys) await askFrom(page, 'settings.change', { ...settings, revealKeys: true })
  const { keys } = await askFrom(page, 'key.list', {})
  const read: ModelKey[] = []
  for (const { id, provider, label, notes, expiresAt, archived, lastTest } of keys) {
    const shown = await askFrom(page, 'key.reveal', { keyId: id })
    if (shown.outcome !== 'shown') throw new Error(`A key is not shown: ${shown.outcome}.`)
    const { secret } = shown
    read.push({ id, provider, secret, label, notes, expiresAt, archived, lastTest })
  }
  return { passphrase, recoveryKey: await kitInForce(page, recoveryKeys), revealKeys, keys: read }
}

/** A kit that is not the one in force confirms nothing. */
async function kitInForce(
  page: Page,
  recoveryKeys: WaysIn['recoveryKeys'],
): Promise<string | null> {
  for (const recoveryKey of new Set(recoveryKeys)) {
    if (recoveryKey === null) continue
    const isInForce = await askFrom(page, 'kit.confirm', { recoveryKey }).then(
      () => true,
      () => false,
    )
    if (isInForce) return recoveryKey
  }
  return null
}

/** After a kill in a change of the passphrase the old one opens the vault, or the new one. */
async function firstThatOpens(
  page: Page,
  method: 'vault.unlock' | 'vault.reauthenticate',
  passphrases: readonly string[],
): Promise<string> {
  let refusal: unknown = new Error('There is no passphrase to try.')
  for (const passphrase of new Set(passphrases)) {
    try {
      await askFrom(page, method, { passphrase })
      return passphrase
    } catch (error) {
      refusal = error
    }
  }
  throw refusal
}
