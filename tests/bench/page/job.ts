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
  /** The frame ours is compared with, where frames are what is timed; and whether it comes first. */
  readonly frameUrl?: string
  readonly isReferenceFirst?: boolean
}

export type JobReport =
  | {
      readonly ok: true
      readonly ours: readonly number[]
      readonly reference: readonly number[]
      /** By a port with JSON, where that was timed, too. */
      readonly port?: readonly number[]
    }
  | { readonly ok: false; readonly error: string }
