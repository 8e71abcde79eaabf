/** Calls of app servers to wallets, whichever process either is connected to (protocols §2). */
import type { Random } from '@valetkey/wallet/protocol'
import type { CallBus } from '../bus/port.ts'
import { openAppCall, type AppCall, type CallRequest } from './app-call.ts'
import { createPulses } from './pulses.ts'
import { createWallets, type RelayWallet } from './wallets.ts'

export interface Relay {
  /** A socket that takes calls. */
  readonly addWallet: (accountId: string, send: (frame: Uint8Array) => void) => RelayWallet
  /**
   * Opens a call at a wallet of an account.
   * @throws `relay.wallet_offline`, `relay.wallet_locked`, `relay.wallet_timeout`, or what the wallet refuses with
   */
  readonly openCall: (accountId: string, request: CallRequest) => Promise<AppCall>
  readonly close: () => void
}

export function createRelay(bus: CallBus, random: Random): Relay {
  const pulses = createPulses(bus)
  const wallets = createWallets(bus, pulses)
  return {
    addWallet: (accountId, send) => wallets.add(accountId, send),
    openCall: (accountId, request) =>
      openAppCall({ bus, pulses, random, isLocked: wallets.isLocked }, accountId, request),
    close() {
      pulses.close()
      wallets.close()
    },
  }
}
