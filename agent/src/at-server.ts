/** A wallet that serves, at its sync server: in step, and there for apps' servers, until it is stopped. */
import { setTimeout as delay } from 'node:timers/promises'
import type { RecordId } from '@valetkey/wallet/protocol'
import type { OpenVault } from '@valetkey/wallet/vault'
import type { WalletHome } from './wallet-home.ts'
import type { WalletParts } from './wallet-parts.ts'

const LOOK_MS = 60_000
/** Calls that were ended have so long to be in the ledger; what is not then is charged whole by the next start. */
const SETTLE_MS = 5_000
const SETTLE_STEP_MS = 20

export interface AtServer {
  /** Records were changed elsewhere: what may not call any more ends. */
  follow(changed: readonly RecordId[]): Promise<void>
  /** Another process of this computer changed the wallet. */
  followAll(): Promise<void>
  /** Apps hear at once that the wallet is locked. Comes back once their calls are in the ledger. */
  stop(): Promise<void>
}

/** @param parts of a vault without a server do nothing, until it has one */
export function keepAtServer(
  home: WalletHome,
  vault: OpenVault,
  { server }: Pick<WalletParts, 'server'>,
): AtServer {
  const { deviceSync, linkedApps } = server
  home.onWrite(() => {
    deviceSync.soon()
  })
  // Whoever serves this computer's clients does not wait for a server.
  void server.resume().catch(() => undefined)
  const timer = setInterval(() => void deviceSync.lookIfDue().catch(() => undefined), LOOK_MS)
  return {
    follow: (changed) => linkedApps.follow(vault, changed),
    async followAll() {
      const { records } = await vault.listRecords('grant')
      await linkedApps.follow(
        vault,
        records.map(({ id }) => id),
      )
      deviceSync.soon()
    },
    async stop() {
      clearInterval(timer)
      home.onWrite(() => undefined)
      server.stop()
      await settleWithin(SETTLE_MS, deviceSync.settle())
      for (let waited = 0; waited < SETTLE_MS; waited += SETTLE_STEP_MS) {
        if ((await home.ledger.reservations()).length === 0) return
        await delay(SETTLE_STEP_MS)
      }
    },
  }
}

/** A server that does not answer keeps nobody from ending the process, nor does the clock once it did. */
async function settleWithin(ms: number, settled: Promise<void>): Promise<void> {
  const over = new AbortController()
  const late = delay(ms, undefined, { signal: over.signal }).catch(() => undefined)
  await Promise.race([settled, late])
  over.abort()
}
