import type { ProviderId } from '../protocol/index.ts'

/** A text of a file that may be a provider key, and what stood around it. */
export interface Piece {
  readonly kind: 'piece'
  /** The line, row or item it stands in, from 1. */
  readonly place: number
  readonly value: string
  /** What names it there: a variable, a column, a field. */
  readonly name: string
  readonly label: string
  /** What a file of our own says about it. */
  readonly stated?: StatedKey
}

/** What our own table says about a key. */
interface StatedKey {
  readonly provider: ProviderId
  readonly notes: string
  /** Unix milliseconds; null: not said. */
  readonly createdAt: number | null
  readonly expiresAt: number | null
  readonly archived: boolean
}

/** Why a place of a file could not be read. */
export type ProblemReason =
  'no-assignment' | 'quote-not-closed' | 'text-after-quote' | 'item' | 'row'

/** A place that could not be read. It never keeps the rest from being read. */
export interface Problem {
  readonly kind: 'problem'
  readonly place: number
  readonly reason: ProblemReason
}

/** What a reader finds, in the order of the file. */
export type Part = Piece | Problem

export function problem(place: number, reason: ProblemReason): Problem {
  return { kind: 'problem', place, reason }
}

/** The words of a longer text: a key in a note stands between blanks, quotes or punctuation. */
export function wordsOf(text: string): string[] {
  return text.split(/[\s"'`,;=<>()[\]{}]+/).filter((word) => word !== '')
}
