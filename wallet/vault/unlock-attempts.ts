/**
 * Slows down who guesses at the keyboard (C84). What stands between a guess and the vault on a stolen
 * disk is Argon2id alone; this is for the machine left open, and its state can be deleted with the disk.
 */
import * as z from 'zod/mini'
import { WalletError, createTurns, isWalletError, type Clock } from '../protocol/index.ts'

const LONGEST_WAIT_MS = 15 * 60_000

const stateSchema = z.strictObject({
  /** Wrong passphrases in a row. */
  failures: z.int().check(z.nonnegative()),
  /** What was left to wait at `seenAt`. */
  waitMs: z.int().check(z.nonnegative(), z.maximum(LONGEST_WAIT_MS)),
  /** Unix ms. */
  seenAt: z.int(),
})
/** What survives a restart. It tells how often someone guessed wrong, and nothing else. */
export type UnlockAttemptState = z.infer<typeof stateSchema>

/** The store port: one small value, outside the vault, readable while it is locked. */
export interface UnlockAttemptStore {
  /** Undefined where nothing was written. */
  read(): Promise<unknown>
  write(state: UnlockAttemptState): Promise<void>
}

/** A person mistypes a few times; who guesses goes on. */
const FREE_FAILURES = 4
const WAITS_MS = [5_000, 15_000, 60_000, 5 * 60_000, LONGEST_WAIT_MS]

/** How long to wait after so many wrong passphrases in a row, in ms: 0 for the first four, then up to 15 min. */
export function waitAfterFailures(failures: number): number {
  if (failures <= FREE_FAILURES) return 0
  return WAITS_MS[failures - FREE_FAILURES - 1] ?? LONGEST_WAIT_MS
}

export interface UnlockAttempts {
  /** How long to wait before the next attempt, in ms; 0: none. */
  waitMs(): Promise<number>
  /**
   * Runs one attempt, alone. It counts as failed before it begins, so that killing the process midway is
   * no free guess; going well, it clears the count.
   * @param attempt anything that asks the passphrase: unlocking, a change, a rotation
   * @throws `vault.unlock_failed` with `retryAfterMs` while there is to wait, without an attempt, and for
   * the wrong passphrase that begins a wait; else what the attempt throws
   */
  run<T>(attempt: () => Promise<T>): Promise<T>
}

export function createUnlockAttempts(ports: {
  readonly store: UnlockAttemptStore
  readonly clock: Clock
}): UnlockAttempts {
  const { clock } = ports
  const count = createCount(ports)
  const alone = createTurns()
  return {
    waitMs: () => alone(async () => (await count.read()).waitMs),
    run: (attempt) =>
      alone(async () => {
        const before = await count.read()
        if (before.waitMs > 0) throw refusal(before.waitMs)
        const failures = before.failures + 1
        await count.write(failedAt(failures, clock()))
        try {
          const result = await attempt()
          await count.write({ failures: 0, waitMs: 0, seenAt: clock() })
          return result
        } catch (error) {
          // Only a wrong passphrase is a guess: a full disk is not.
          const wrong = isWalletError(error, 'vault.unlock_failed')
          const after = wrong ? failedAt(failures, clock()) : before
          await count.write(after)
          throw wrong && after.waitMs > 0 ? refusal(after.waitMs) : error
        }
      }),
  }
}

/** The count as it is now. Each look writes down what is left to wait, so that no clock can undo it. */
function createCount({ store, clock }: Parameters<typeof createUnlockAttempts>[0]) {
  let held: UnlockAttemptState | undefined
  const write = async (state: UnlockAttemptState): Promise<void> => {
    held = state
    // A full disk must not keep the person out: then the count lives as long as the process.
    await store.write(state).catch(() => undefined)
  }
  const read = async (): Promise<UnlockAttemptState> => {
    const state = stateAt(held ?? (await store.read()), clock())
    if (held === undefined || held.waitMs > 0) await write(state)
    return state
  }
  return { read, write }
}

/** The wait counts down by the clock, but never for a clock set back (C84). */
function stateAt(stored: unknown, nowMs: number): UnlockAttemptState {
  if (stored === undefined) return { failures: 0, waitMs: 0, seenAt: nowMs }
  const parsed = stateSchema.safeParse(stored)
  // What cannot be read may have counted many.
  if (!parsed.success) return failedAt(FREE_FAILURES + WAITS_MS.length, nowMs)
  const { failures, waitMs, seenAt } = parsed.data
  const passedMs = Math.max(0, nowMs - seenAt)
  return { failures, waitMs: Math.max(0, waitMs - passedMs), seenAt: nowMs }
}

function failedAt(failures: number, nowMs: number): UnlockAttemptState {
  return { failures, waitMs: waitAfterFailures(failures), seenAt: nowMs }
}

function refusal(retryAfterMs: number): WalletError {
  return new WalletError('vault.unlock_failed', { retryAfterMs })
}
