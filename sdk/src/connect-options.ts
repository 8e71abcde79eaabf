import type { BudgetWindow, Capability, ProviderId } from './grant.ts'

/** What an app asks for. Everything is a wish: what was granted is in `session.grant`. */
export interface ConnectOptions {
  /** What it wants to do. Default: `['chat']`. */
  readonly capabilities?: readonly Capability[]
  /** The providers it can work with, any of them. Default: all. */
  readonly providers?: readonly ProviderId[]
  /** The models it uses, `*` for any letters. Default: any. */
  readonly models?: readonly string[]
  /** The most it would like to spend, in dollars: an amount a month, or with a period of its own. */
  readonly budget?:
    string | number | { readonly usd: string | number; readonly window: BudgetWindow }
  /** One sentence for the person, shown as the app's own words. At most 200 characters. */
  readonly reason?: string
}
