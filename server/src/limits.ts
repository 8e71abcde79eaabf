import { WalletError } from '@valetkey/wallet/protocol'
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Config } from './config.ts'
import type { OpenDatabase } from './database/open.ts'

type Limited = keyof Config['perMinute']
export interface Limits {
  /** @throws `request.rate_limited` */
  readonly take: (what: Limited, key: string) => Promise<void>
}

/** Counted in memory for one process, in the database for several. */
export function createLimits(config: Config, { pool }: OpenDatabase): Limits {
  const limiterFor = (what: Limited) => {
    const options = { keyPrefix: what, points: config.perMinute[what], duration: 60 }
    if (pool === undefined) return new RateLimiterMemory(options)
    return new RateLimiterPostgres({
      ...options,
      storeClient: pool,
      storeType: 'pool',
      tableName: 'limits',
      tableCreated: true,
    })
  }
  const limiters = {
    pushes: limiterFor('pushes'),
    requests: limiterFor('requests'),
    guests: limiterFor('guests'),
  }
  return {
    async take(what, key) {
      try {
        await limiters[what].consume(key)
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        throw new WalletError('request.rate_limited', { retryAfterMs: refusal.msBeforeNext })
      }
    },
  }
}
