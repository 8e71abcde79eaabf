/** Keys of a file on their way into the vault: shown without their secrets, then stored all or none. */
import {
  WalletError,
  type ChosenKey,
  type ImportPreviewReply,
  type ImportRefusalReason,
  type UiResult,
} from '@valetkey/wallet/protocol'
import {
  importedFields,
  type ImportPreview,
  type ImportRefusal,
  type ImportedKey,
  type KnownKey,
} from '@valetkey/wallet/transfer'
import { ordersAtEnd, type OpenVault } from '@valetkey/wallet/vault'
import { remind } from './expiry-reminders.ts'
import { openAllKeys } from './key-ring.ts'
import type { Wallet } from './wallet.ts'

/** What is listed of what stays outside; the rest is counted. */
const LISTED = 100

/** The keys an import compares with. One on its way out is none of them: it may come in again. */
export async function knownKeys(
  vault: OpenVault,
  { removals }: Pick<Wallet, 'removals'>,
): Promise<readonly KnownKey[]> {
  return (await openAllKeys(vault, removals)).records
}

/** A preview as a window may have it: no secret leaves the background. */
export function showImport(
  read: ImportPreview | ImportRefusal,
): ImportPreviewReply | { readonly kind: 'refused'; readonly reason: ImportRefusalReason } {
  if (read.kind === 'refused') return read
  const { kind, format, keys, refused, notUnderstood } = read
  return {
    ...{ kind, format },
    keys: keys.map(({ place, provider, sure, label, masked, archived, duplicateOf, repeated }) => ({
      ...{ place, provider, sure, label, masked, archived, repeated },
      duplicateOf: duplicateOf?.label ?? null,
    })),
    refused: refused.slice(0, LISTED),
    refusedCount: refused.length,
    notUnderstood: notUnderstood.slice(0, LISTED),
    notUnderstoodCount: notUnderstood.length,
  }
}

/**
 * Stores the chosen keys in one commit. What came into the vault since the preview is passed over.
 * @throws `request.unprocessable` for a choice that does not fit the file: then nothing is stored
 */
export async function bringKeys(
  read: ImportPreview | ImportRefusal,
  chosen: readonly ChosenKey[],
  vault: OpenVault,
  wallet: Wallet,
): Promise<UiResult<'import.run'>> {
  if (read.kind === 'refused') throw new WalletError('request.unprocessable')
  const named = new Map(chosen.map((choice) => [choice.index, choice]))
  const keys = [...named.values()].map((choice) => chosenKey(read, choice))
  const fresh = keys.filter(({ duplicateOf, repeated }) => duplicateOf === null && !repeated)
  const { records } = await vault.listKeys()
  const orders = ordersAtEnd(records, fresh.length)
  const all = importedFields(fresh, wallet.clock(), orders)
  const keyIds = await vault.createRecords('key', all)
  await remind(vault, wallet)
  wallet.announceChange()
  const stored = keyIds.flatMap((keyId, index) => {
    const fields = all[index]
    return fields ? [{ keyId, provider: fields.provider, label: fields.label }] : []
  })
  return { keys: stored, skippedCount: chosen.length - fresh.length }
}

/** Where form or name leave no doubt whose key it is, the person's choice does not send it elsewhere. */
function chosenKey({ keys }: ImportPreview, { index, provider }: ChosenKey): ImportedKey {
  const key = keys[index]
  if (!key || (key.sure && key.provider !== provider)) {
    throw new WalletError('request.unprocessable')
  }
  return { ...key, provider }
}
