/**
 * Keys on their way out. A tombstone is final, so a removed key stays whole in the vault for as long as
 * it can be taken back; meanwhile nothing sees it and nothing uses it.
 */
import {
  WalletError,
  createTurns,
  isWalletError,
  type Clock,
  type KeyId,
} from '@valetkey/wallet/protocol'
import type { OpenVault } from '@valetkey/wallet/vault'
import type { Removal, RemovalStore } from '../adapters/removal-store.ts'

/** Time to take a removal back: enough to read what happened and to reach the button by keyboard. */
export const UNDO_MS = 20_000

interface KeyRemovalsPorts {
  readonly store: RemovalStore
  readonly clock: Clock
  /** The vault if it is open; looking does not count as a use of it. */
  readonly openVault: () => Promise<OpenVault | null>
}

export class KeyRemovals {
  readonly #ports: KeyRemovalsPorts
  #removals: readonly Removal[] | null = null
  readonly #alone = createTurns()

  constructor(ports: KeyRemovalsPorts) {
    this.#ports = ports
  }

  /** @returns until when it can be taken back, Unix ms */
  begin(keyId: KeyId): Promise<number> {
    return this.#alone(async () => {
      const known = (await this.#read()).find((removal) => removal.keyId === keyId)
      if (known) return known.dueAt
      const dueAt = this.#ports.clock() + UNDO_MS
      await this.#write([...(await this.#read()), { keyId, dueAt }])
      setTimeout(() => void this.finishDue().catch(ignore), UNDO_MS)
      return dueAt
    })
  }

  /** @throws `request.not_found` when it is too late, or was never removed */
  undo(keyId: KeyId): Promise<void> {
    return this.#alone(async () => {
      const all = await this.#read()
      const removal = all.find((each) => each.keyId === keyId)
      if (!removal || removal.dueAt <= this.#ports.clock()) {
        throw new WalletError('request.not_found')
      }
      await this.#write(all.filter((each) => each.keyId !== keyId))
    })
  }

  async has(keyId: KeyId): Promise<boolean> {
    return (await this.#read()).some((removal) => removal.keyId === keyId)
  }

  /** The keys that are hidden. */
  async ids(): Promise<ReadonlySet<KeyId>> {
    return new Set((await this.#read()).map(({ keyId }) => keyId))
  }

  /** Buries the keys whose time is over. While the vault is locked they wait, unseen, for its next unlock. */
  finishDue(): Promise<void> {
    return this.#finish(({ dueAt }) => dueAt <= this.#ports.clock())
  }

  /** Buries all of them now: whoever locks has left, and nobody could take them back. */
  finishAll(): Promise<void> {
    return this.#finish(() => true)
  }

  /** What was stored is gone: it is read anew. */
  forget(): Promise<void> {
    return this.#alone(() => {
      this.#removals = null
      return Promise.resolve()
    })
  }

  #finish(isOver: (removal: Removal) => boolean): Promise<void> {
    return this.#alone(async () => {
      const over = (await this.#read()).filter(isOver)
      const vault = over.length > 0 ? await this.#ports.openVault() : null
      if (!vault) return
      for (const { keyId } of over) {
        await removeIfThere(vault, keyId)
        // Only now: a crash in between buries it once more, and never forgets it.
        await this.#write((await this.#read()).filter((removal) => removal.keyId !== keyId))
      }
    })
  }

  async #read(): Promise<readonly Removal[]> {
    this.#removals ??= await this.#ports.store.read()
    return this.#removals
  }

  async #write(removals: readonly Removal[]): Promise<void> {
    await this.#ports.store.write(removals)
    this.#removals = removals
  }
}

async function removeIfThere(vault: OpenVault, keyId: KeyId): Promise<void> {
  try {
    await vault.removeRecord(keyId)
  } catch (error) {
    if (!isWalletError(error, 'request.not_found')) throw error
  }
}

function ignore(): void {
  // What could not be buried now is tried again at the next alarm.
}
