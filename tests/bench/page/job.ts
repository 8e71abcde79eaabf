import type { Probe } from './probe.ts'

/** What a page is told to measure. */
export interface Job {
  readonly probe: Probe
  readonly pairs: number
  /** Pairs made first and not counted: connections, compiled code, caches. */
  readonly warmUps: number
  /** Between two calls, so that what one leaves to do is not charged to the next. */
  readonly pauseMs: number
  readonly valetKey: string
  readonly providerKey: string
  /** Whether `POST /before` is asked, and waited for, before each call through ValetKey. */
  readonly askBefore: boolean
  readonly referenceUrl: string
}

export type JobReport =
  | { readonly ok: true; readonly ours: readonly number[]; readonly reference: readonly number[] }
  | { readonly ok: false; readonly error: string }
