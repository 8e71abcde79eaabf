/** The way back in by the recovery kit, on a device that has the vault. */
import type { RecoveryKit, UiParams } from '@valetkey/wallet/protocol'
import {
  recoverHere,
  replaceVault,
  sessionInMemory,
  type ChosenServer,
  type DeviceSync,
  type LinkedDevice,
  type LiveChannel,
  type RecoveryNotes,
  type ServerLink,
  type SyncClientPorts,
} from '@valetkey/wallet/sync'
import {
  openWithKit,
  type OpenVault,
  type UnlockAttempts,
  type VaultPorts,
} from '@valetkey/wallet/vault'
import type { Membership } from './membership.ts'
import { kitOf, type Protection } from './protection.ts'
import type { VaultSession } from './vault-session.ts'

interface KitRecoveryPorts {
  readonly vault: VaultPorts
  /** C84: whatever opens the vault waits after wrong answers. */
  readonly attempts: UnlockAttempts
  readonly session: Pick<VaultSession, 'lock'>
  readonly protection: Pick<Protection, 'recover' | 'shortenLock'>
  readonly membership: Pick<Membership, 'enter' | 'leave'>
  readonly link: Pick<ServerLink, 'chosen' | 'at'>
  readonly sync: Pick<DeviceSync, 'alone'>
  readonly live: Pick<LiveChannel, 'stop'>
  readonly syncPorts: (vault: OpenVault, device: LinkedDevice) => SyncClientPorts
  readonly recoveryNotes: RecoveryNotes
}

export class KitRecovery {
  readonly #ports: KitRecoveryPorts

  constructor(ports: KitRecoveryPorts) {
    this.#ports = ports
  }

  /**
   * Opens the vault with the kit, and makes everything new that the old kit or disk could tell. A vault with a
   * server is made new there: every other device is told, and has to be added again.
   * @throws `provider.network` and whatever else the server answers: the vault here is as it was then, and may
   * go on `alone`; else as {@link Protection.recover}
   */
  async run(recovery: UiParams<'vault.recover'>): Promise<RecoveryKit> {
    const { recoveryKey, newPassphrase, alone } = recovery
    const { attempts, vault: ports, protection, link, membership } = this.#ports
    const chosen = await link.chosen()
    if (!chosen) return protection.recover(recoveryKey, newPassphrase)
    const vault = await attempts.run(() => openWithKit(ports, recoveryKey))
    try {
      if (alone !== true) return await this.#atServer(chosen, vault, { recoveryKey, newPassphrase })
    } finally {
      vault.wipe()
    }
    // First: of a vault that its server does not know there would be no way back.
    await membership.leave()
    return protection.recover(recoveryKey, newPassphrase)
  }

  async #atServer(
    { origin, isFreshnessKnown }: ChosenServer,
    vault: OpenVault,
    {
      recoveryKey,
      newPassphrase,
    }: Pick<UiParams<'vault.recover'>, 'recoveryKey' | 'newPassphrase'>,
  ): Promise<RecoveryKit> {
    const {
      vault: ports,
      session,
      link,
      sync,
      live,
      syncPorts,
      membership,
      protection,
      recoveryNotes: notes,
    } = this.#ports
    // Whatever was written between the last sync and the recovery would be lost.
    await session.lock()
    live.stop()
    const recovered = await sync.alone(async () => {
      const device = await link.at(origin, vault, sessionInMemory())
      const how = { ports, vault, client: device.client, sync: syncPorts(vault, device), notes }
      const made = await recoverHere(how, { recoveryKeyText: recoveryKey, newPassphrase })
      // The server has it: whatever fails here, this is the only kit there is.
      await replaceVault(how, made)
        .then(() => notes.write(null))
        .catch(() => undefined)
      return made
    })
    const { recoveryKeyText } = recovered.kit
    // Not by its root key alone: what lies here under the one before is to be read as well.
    const open = () => openWithKit(ports, recoveryKeyText)
    await membership.enter({ origin, isFreshnessKnown }, open).catch(() => undefined)
    await protection.shortenLock().catch(() => undefined)
    return { ...kitOf(recovered.kit), server: origin }
  }
}
