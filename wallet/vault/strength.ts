/**
 * How hard a passphrase is to guess. A subpath of its own: with its dictionaries the estimator is a megabyte,
 * and a screen loads it when somebody begins to choose a passphrase.
 */
import type { ZxcvbnResult } from '@zxcvbn-ts/core'
import { PASSPHRASE_MIN_LENGTH } from '../protocol/index.ts'

/** Weak: whoever has the disk guesses it. Every level above withstands a greater effort. */
export type StrengthLevel = 'weak' | 'fair' | 'good' | 'strong'

/** Names the sentence to show: what is wrong with a weak passphrase, else the level. */
export type StrengthReason =
  | 'short'
  | 'common'
  | 'word'
  | 'names'
  | 'dates'
  | 'keyboard'
  | 'sequence'
  | 'repeat'
  | 'yours'
  | 'guessable'
  | Exclude<StrengthLevel, 'weak'>

export interface Strength {
  /** log₂ of the guesses an attacker needs who knows words, names and habits. An estimate. */
  readonly bits: number
  readonly level: StrengthLevel
  readonly reason: StrengthReason
}

/** @param userInputs words others know about the person: a name, an address, the phrase of the vault */
export type EstimateStrength = (passphrase: string, userInputs?: readonly string[]) => Strength

/**
 * Guesses meet Argon2id with 64 MiB, some thousand a second on one machine: 2³⁵ of them are months for one,
 * 2⁵⁰ are out of reach for hundreds. The estimator takes words of a list for better than they are, so that
 * only five of them are strong.
 */
const LEAST_BITS = { fair: 35, good: 50, strong: 70 }

/** What everybody has read about, and no dictionary holds. */
const FAMOUS = ['valetkey', 'correct horse battery staple', 'correcthorsebatterystaple']

const REASONS: Readonly<Record<string, StrengthReason>> = {
  straightRow: 'keyboard',
  keyPattern: 'keyboard',
  simpleRepeat: 'repeat',
  extendedRepeat: 'repeat',
  sequences: 'sequence',
  recentYears: 'dates',
  dates: 'dates',
  topTen: 'common',
  topHundred: 'common',
  common: 'common',
  similarToCommon: 'common',
  wordByItself: 'word',
  namesByThemselves: 'names',
  commonNames: 'names',
  userInputs: 'yours',
}

/** Loads estimator and dictionaries; the bundler puts them into files of their own. */
export async function loadStrengthEstimator(): Promise<EstimateStrength> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ])
  const estimator = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    // Both bound the time of a keystroke: what stands behind 64 characters counts for nothing.
    maxLength: 64,
    l33tMaxSubstitutions: 16,
  })
  return (passphrase, userInputs = []) => {
    // As it will be hashed (formats §2).
    const text = passphrase.normalize('NFKC')
    return judge(text, estimator.check(text, [...FAMOUS, ...userInputs]))
  }
}

function judge(text: string, { guessesLog10, feedback }: ZxcvbnResult): Strength {
  const bits = Math.floor(guessesLog10 * Math.log2(10))
  if (Array.from(text).length < PASSPHRASE_MIN_LENGTH)
    return { bits, level: 'weak', reason: 'short' }
  const level = levelOf(bits)
  if (level !== 'weak') return { bits, level, reason: level }
  return { bits, level, reason: REASONS[feedback.warning ?? ''] ?? 'guessable' }
}

function levelOf(bits: number): StrengthLevel {
  if (bits >= LEAST_BITS.strong) return 'strong'
  if (bits >= LEAST_BITS.good) return 'good'
  return bits >= LEAST_BITS.fair ? 'fair' : 'weak'
}
