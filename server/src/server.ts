import type { Clock, Random } from '@valetkey/wallet/protocol'
import { createOnce, type Once } from './auth/once.ts'
import { openBus } from './bus/bus.ts'
import type { Bus } from './bus/port.ts'
import type { Config } from './config.ts'
import { openDatabase, type OpenDatabase } from './database/open.ts'
import { createLimits, type Limits } from './limits.ts'
import { createRandom } from './random.ts'
import { createRelayLog, type RelayLog } from './relay/log.ts'
import { createRelay, type Relay } from './relay/relay.ts'
import { readMeta } from './stores/meta.ts'
import { dropExpiredLinks } from './stores/link.ts'
import { dropExpiredOAuth } from './stores/oauth.ts'
import { dropExpiredPairings } from './stores/pairings.ts'
import { dropExpiredSessions } from './stores/sessions.ts'
import { dropOldRelayed } from './stores/relay-log.ts'
import { dropOldUsage } from './stores/usage.ts'

/** What every route works with: the only composition root. */
export interface Server {
  readonly config: Config
  readonly database: OpenDatabase
  readonly bus: Bus
  readonly once: Once
  readonly limits: Limits
  readonly relay: Relay
  readonly relayLog: RelayLog
  readonly clock: Clock
  readonly random: Random
  /** Marks challenges, and makes up the salts of accounts that do not exist. */
  readonly secret: Uint8Array
  /** Names this state of the database: a restored backup must get a new one. */
  readonly serverEpoch: string
}

const SWEEP_MS = 60_000
const DAY_MS = 24 * 60 * 60_000

export async function openServer(
  config: Config,
  ports: { readonly clock?: Clock; readonly random?: Random } = {},
): Promise<Server & AsyncDisposable> {
  const clock = ports.clock ?? (() => Date.now())
  const random = ports.random ?? createRandom()
  const database = await openDatabase(config.database)
  const bus = await openBus(config.nats)
  const { secret, serverEpoch } = await readMeta(database, random)
  const once = createOnce(database, clock)
  const limits = createLimits(config, database)
  const relay = createRelay(bus.calls, random)
  const relayLog = createRelayLog(database)
  const sweep = async (): Promise<void> => {
    const now = clock()
    await once.sweep()
    await dropExpiredSessions(database.queries, now)
    await dropExpiredPairings(database.queries, now)
    await dropExpiredLinks(database.queries, now)
    await dropExpiredOAuth(database.queries, now)
    await dropOldUsage(database.queries, now - config.usageDays * DAY_MS)
    await dropOldRelayed(database.queries, now - config.usageDays * DAY_MS)
  }
  // Several processes may sweep at once: each deletes what is over, and finds nothing left.
  const sweeping = setInterval(() => void sweep().catch(() => undefined), SWEEP_MS)
  sweeping.unref()
  return {
    ...{ config, database, bus, once, limits, clock, random, secret, serverEpoch },
    ...{ relay, relayLog },
    async [Symbol.asyncDispose]() {
      clearInterval(sweeping)
      relay.close()
      await relayLog.flush().catch(() => undefined)
      await bus.close()
      await database.close()
    },
  }
}
