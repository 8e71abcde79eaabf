/**
 * Two devices pair (design: protocols §4b). A window on each drives the steps and asks again and again. They
 * live as long as the worker, which those questions keep awake: with its death a pairing begins anew.
 */
import { WalletError, asWalletError, type Clock, type UiResult } from '@valetkey/wallet/protocol'
import {
  PAIRING_POLL_MS,
  beginPairing,
  claimPairing,
  confirmPairing,
  joinByPairing,
  readPairedDevice,
  readPairingWords,
  readServerOrigin,
  type BegunPairing,
  type DeviceSync,
  type OfferedPairing,
  type OldPairingPorts,
  type RevealedPairing,
  type ServerLink,
  type SyncClientPorts,
} from '@valetkey/wallet/sync'
import { readSecretKeyText, type OpenVault, type VaultStore } from '@valetkey/wallet/vault'
import type { Keepalive } from './keepalive.ts'
import type { Membership } from './membership.ts'
import type { VaultSession } from './vault-session.ts'

type Step = UiResult<'pairing.get'>

/** On the new device. */
interface Joining {
  readonly origin: string
  readonly pairing: BegunPairing
  readonly offered: OfferedPairing | null
  /** The person said that the words are the same here. */
  readonly isConfirmed: boolean
  /** When the server was asked last. */
  askedAt: number
}

interface PairingPorts {
  readonly store: VaultStore
  readonly session: VaultSession
  readonly link: ServerLink
  readonly sync: DeviceSync
  readonly membership: Membership
  readonly syncPorts: (vault: OpenVault) => Promise<SyncClientPorts | null>
  readonly keepalive: Pick<Keepalive, 'hold'>
  readonly clock: Clock
  /** Whoever waits on the new device is told that it is done. */
  readonly onJoined: () => Promise<void>
}

/** How long the old device waits for the new one to reveal itself: it asks every three seconds. */
const REVEAL_MS = 30_000
const LOOK_MS = 1_000

export class Pairing {
  readonly #ports: PairingPorts
  #joining: Joining | null = null
  #ended: Step | null = null
  #looking: Promise<Step> | null = null
  #revealed: RevealedPairing | null = null

  constructor(ports: PairingPorts) {
    this.#ports = ports
  }

  /** On the new device. @throws `sync.conflict` where a vault is in the way; `request.invalid`, `provider.network` */
  async begin(server: string): Promise<UiResult<'pairing.begin'>> {
    const { membership, link } = this.#ports
    const origin = readServerOrigin(server)
    await membership.assertNoVault()
    const pairing = await beginPairing(link.client(origin))
    this.#ended = null
    this.#joining = { origin, pairing, offered: null, isConfirmed: false, askedAt: 0 }
    return { code: pairing.code, expiresAt: pairing.expiresAt }
  }

  /** On the new device: how far it is. Looks at the server as often as that allows. */
  state(): Promise<Step> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null
    })
    return this.#looking
  }

  cancel(): void {
    this.#joining = null
    this.#ended = null
    this.#revealed = null
  }

  /**
   * On the old device: takes the pairing whose code was typed. Who finds the vault open must not let a
   * device in that stays: the passphrase was typed within the last minute (security §2).
   * @throws `vault.locked`; `request.not_found` where the vault has no server, or nobody shows this code
   */
  async claim(code: string): Promise<UiResult<'pairing.claim'>> {
    const { session, keepalive } = this.#ports
    const vault = await session.required()
    if (!session.isReauthenticated()) return { outcome: 'passphrase-needed' }
    const release = keepalive.hold()
    try {
      const ports = await this.#oldPorts(vault)
      this.#revealed = await this.#untilRevealed(ports, await claimPairing(ports, code))
      return { outcome: 'claimed', words: [...this.#revealed.words] }
    } finally {
      release()
    }
  }

  /** On either device: the words are the same. @throws `request.not_found` where nothing is paired */
  async confirm(): Promise<void> {
    if (this.#joining?.offered) {
      this.#joining = { ...this.#joining, isConfirmed: true, askedAt: 0 }
      return
    }
    const { session, sync, syncPorts, keepalive, store } = this.#ports
    const revealed = this.#revealed
    if (!revealed) throw new WalletError('request.not_found')
    const vault = await session.required()
    const release = keepalive.hold()
    try {
      await sync.alone(async () => {
        const [ports, forSync] = [await this.#oldPorts(vault), await syncPorts(vault)]
        if (!forSync) throw new WalletError('vault.locked')
        const secretKey = await readSecretKeyText(store)
        await confirmPairing({ ...ports, sync: forSync, secretKey }, revealed)
      })
      this.#revealed = null
      sync.soon()
    } finally {
      release()
    }
  }

  async #oldPorts(vault: OpenVault): Promise<OldPairingPorts> {
    const device = await this.#ports.link.device(vault)
    if (!device) throw new WalletError('request.not_found')
    return { client: device.client, session: device.session, vault }
  }

  async #untilRevealed(
    { client }: OldPairingPorts,
    claimed: Parameters<typeof readPairedDevice>[1],
  ): Promise<RevealedPairing> {
    const end = this.#ports.clock() + REVEAL_MS
    for (;;) {
      const revealed = await readPairedDevice(client, claimed)
      if (revealed) return revealed
      if (this.#ports.clock() > end) throw new WalletError('request.not_found')
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }

  async #look(): Promise<Step> {
    const joining = this.#joining
    if (!joining) return this.#ended ?? stepOf('none')
    const now = this.#ports.clock()
    if (now - joining.askedAt >= PAIRING_POLL_MS) {
      joining.askedAt = now
      try {
        await this.#advance(joining)
      } catch (error) {
        const { code } = asWalletError(error)
        // Lost on the way: the next look goes on.
        if (code === 'provider.network') return this.#shown()
        this.#ended = { ...stepOf('failed'), problem: code }
        this.#joining = null
      }
    }
    return this.#shown()
  }

  async #advance(joining: Joining): Promise<void> {
    const { link, membership } = this.#ports
    const client = link.client(joining.origin)
    if (!joining.offered) {
      const offered = await readPairingWords(client, joining.pairing)
      if (offered && this.#joining === joining) this.#joining = { ...joining, offered }
      return
    }
    // The person has to say so here, too: whoever stands between could hand over a vault of his own.
    if (!joining.isConfirmed) return
    const joined = await joinByPairing(client, joining.offered)
    if (!joined || this.#joining !== joining) return
    await membership.takeIn(joined, { origin: joining.origin, isFreshnessKnown: true })
    this.#joining = null
    this.#ended = stepOf('done')
    await this.#ports.onJoined()
  }

  #shown(): Step {
    if (!this.#joining) return this.#ended ?? stepOf('none')
    const { offered, isConfirmed } = this.#joining
    if (!offered) return stepOf('waiting')
    return { ...stepOf(isConfirmed ? 'confirmed' : 'words'), words: [...offered.words] }
  }
}

function stepOf(step: Step['step']): Step {
  return { step, words: [], problem: null }
}
