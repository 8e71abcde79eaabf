import type { PasskeySummary } from '@valetkey/wallet/protocol'
import { toBase64url } from '@valetkey/wallet/protocol'
import {
  readUnlockMethods,
  vaultHeaderSchema,
  type PasskeyQuestion,
  type VaultStore,
} from '@valetkey/wallet/vault'

/** The passkeys of the vault as a window may know them, also while it is locked. */
export interface PasskeyList {
  /** @throws `request.not_found` where no vault is; `vault.corrupt`, `vault.newer` */
  read(): Promise<readonly PasskeySummary[]>
  /** One was added or removed. */
  forget(): void
}

/**
 * Keeps what it read: every locked window asks, while the passphrase is about to be tried, and to know means
 * to read every row. Another epoch or device, and so a recovery or a backup that was restored, is read anew.
 */
export function createPasskeyList(store: VaultStore): PasskeyList {
  let kept: { readonly of: string; readonly passkeys: readonly PasskeySummary[] } | null = null
  let changes = 0
  return {
    async read() {
      const header = vaultHeaderSchema.safeParse(await store.readHeader())
      const of = header.success ? `${header.data.deviceId} ${header.data.epoch}` : ''
      if (of !== '' && kept?.of === of) return kept.passkeys
      const before = changes
      const passkeys = (await readUnlockMethods(store)).passkeys.map(
        ({ credentialId, prfInputs }) => ({ credentialId, prfInputs: textOf(prfInputs) }),
      )
      if (before === changes) kept = { of, passkeys }
      return passkeys
    },
    forget() {
      changes += 1
      kept = null
    },
  }
}

/** As it goes to a window. */
export function textOf({ first, second }: PasskeyQuestion['prfInputs']) {
  return { first: toBase64url(first), second: toBase64url(second) }
}
