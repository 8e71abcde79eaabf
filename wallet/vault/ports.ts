import type { KdfParams } from '../crypto/index.ts'
import type { Clock, Random } from '../protocol/index.ts'
import type { VaultStore } from './store.ts'

export type { KdfParams } from '../crypto/index.ts'

/** The passphrase KDF port: 32 bytes of Argon2id. In the extension it runs in the offscreen document. */
export type PassphraseKdf = (
  passphraseBytes: Uint8Array,
  salt: Uint8Array,
  params: KdfParams,
) => Promise<Uint8Array<ArrayBuffer>>

/** What the vault needs of its surroundings. */
export interface VaultPorts {
  readonly store: VaultStore
  readonly kdf: PassphraseKdf
  readonly clock: Clock
  readonly random: Random
}
