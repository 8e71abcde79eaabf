/** What a vault must hold after a kill: what was acknowledged, and of the change under way all or nothing. */
import { isDeepStrictEqual } from 'node:util'
import type { KeyId, KeySummary } from '@valetkey/wallet/protocol'

/** A provider key, secret included, as a person gets to see it. */
export interface ModelKey {
  /** Null: added by a change nobody heard back from. */
  readonly id: KeyId | null
  readonly provider: KeySummary['provider']
  readonly secret: string
  readonly label: string
  readonly notes: string
  readonly expiresAt: number | null
  readonly archived: boolean
  /** `some`: a test at a time only the worker knew. */
  readonly lastTest: KeySummary['lastTest'] | 'some'
}

/** Everything of a vault that must survive. */
export interface ModelVault {
  /** The one that opens it. */
  readonly passphrase: string
  /** The one that recovers it. Null: of a kit that nobody saw, and none of those before. */
  readonly recoveryKey: string | null
  readonly revealKeys: boolean
  /** In the person's order. */
  readonly keys: readonly ModelKey[]
}

export type Verdict = 'old' | 'new' | 'mixed' | 'lost'

/** The change a kill fell into. */
export interface ChangeUnderWay {
  /** What the vault was, and what it is after each commit of the change. */
  readonly states: readonly [ModelVault, ...ModelVault[]]
  /** It was answered before the kill, and this is what the answer told: only the last state will do. */
  readonly answer: Partial<ModelVault> | null
}

/** Compares what came back with what may come back. */
export function judge(seen: ModelVault, { states, answer }: ChangeUnderWay): Verdict {
  const [before, ...later] = states
  const last = { ...(later.at(-1) ?? before), ...answer }
  if (isSame(seen, last)) return answer !== null || !isSame(seen, before) ? 'new' : 'old'
  if (answer !== null) return isSame(seen, before) || lacks(seen, last) ? 'lost' : 'mixed'
  if (isSame(seen, before)) return 'old'
  if (later.some((state) => isSame(seen, state))) return 'new'
  return states.every((state) => lacks(seen, state)) ? 'lost' : 'mixed'
}

function isSame(seen: ModelVault, expected: ModelVault): boolean {
  return (
    seen.passphrase === expected.passphrase &&
    seen.recoveryKey === expected.recoveryKey &&
    seen.revealKeys === expected.revealKeys &&
    seen.keys.length === expected.keys.length &&
    expected.keys.every((key, index) => isSameKey(seen.keys[index], key))
  )
}

function isSameKey(seen: ModelKey | undefined, expected: ModelKey): boolean {
  if (seen === undefined) return false
  const isTested = expected.lastTest === 'some' && seen.lastTest !== null
  const lastTest = isTested ? seen.lastTest : expected.lastTest
  return isDeepStrictEqual(seen, { ...expected, id: expected.id ?? seen.id, lastTest })
}

/** A key that must be there is not. */
function lacks(seen: ModelVault, expected: ModelVault): boolean {
  const ids = new Set(seen.keys.map(({ id }) => id))
  return expected.keys.some(({ id }) => id !== null && !ids.has(id))
}
