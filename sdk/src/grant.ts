/** What a person allows an app, in plain types: the schemas behind them stay in the wallet. */
import type { PROVIDER_IDS } from '@valetkey/wallet/protocol/provider-ids'

/** A provider the wallet knows, as `grant` and the models of a chat name it. */
export type ProviderId = (typeof PROVIDER_IDS)[number]

/** What an app may do with a provider. */
export type Capability =
  | 'chat'
  | 'embedding'
  | 'image'
  | 'speech'
  | 'transcription'
  | 'realtime'
  | 'video'
  | 'moderation'
  | 'rerank'
  | 'tools.fetch'
  | 'stored.ids'

/** A calendar period in UTC. */
export type BudgetWindow = 'day' | 'week' | 'month' | 'total'

/** An amount in dollars, as a decimal string, for a period. */
export interface Budget {
  usd: string
  window: BudgetWindow
}

/** What was granted. No key, no name a person gave one, nothing of other apps. */
export interface ConnectedGrant {
  /** Stands for the grant in calls; worth nothing to any other origin. */
  id: string
  providers: {
    provider: ProviderId
    /** Patterns, `*` for any letters. */
    models: 'any' | string[]
    capabilities: Capability[]
  }[]
  budgets: Budget[]
  /** Unix ms */
  expiresAt: number
}

/** What was spent, in dollars, as decimal strings. */
export interface GrantUsage {
  /** In the running period of each budget; `heldUsd` is reserved for calls that run. */
  budgets: (Budget & { usedUsd: string; heldUsd: string })[]
  /** As far back as the person keeps it. */
  total: { calls: number; inputTokens: number; outputTokens: number; usd: string }
}

/** How a session stands: `none` is its end. */
export type SessionStatus = 'on' | 'paused' | 'locked' | 'none'
