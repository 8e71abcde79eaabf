/** One measured figure, beside what it is compared with. */

/** How far the measurements of one side lie apart, in the unit of their row. */
interface Spread {
  readonly min: number
  readonly p25: number
  readonly median: number
  readonly p75: number
  readonly max: number
  readonly count: number
}

/** What a row is to reach. `limit` must hold; `aim` is what is wished for. */
interface Goal {
  readonly limit: string
  readonly aim?: string
  readonly met: boolean
}

export interface BenchRow {
  /** `room/figure`, as the issues name it. */
  readonly name: string
  /** The median of ours, or the one figure there is. */
  readonly ours: number
  readonly reference: number
  readonly referenceName: string
  readonly unit: string
  readonly ratio: number
  /** In words, with the figure: `≤ 1.6 × reference (aim 1.2 ×)`. */
  readonly goal: string
  readonly met: boolean
  /** Present where there were many measurements. */
  readonly spread?: { readonly ours: Spread; readonly reference: Spread }
  readonly note?: string
  /** Processes that wanted the machine when it began (`os.loadavg`): both sides share what is left. */
  readonly load?: number
}

/** Two series of the same length, measured in turns. */
export interface Pairs {
  readonly ours: readonly number[]
  readonly reference: readonly number[]
}

export type GoalRule =
  | { readonly kind: 'times'; readonly limit: number; readonly aim?: number }
  /** Ours may be that much more, in the row's unit. */
  | { readonly kind: 'more'; readonly limit: number; readonly aim?: string }
  /** `times`: and no more than so many times the reference. */
  | { readonly kind: 'below'; readonly limit: number; readonly times?: number }
  /** Measured to be watched: nothing is asked of it. */
  | { readonly kind: 'none' }

interface RowText {
  readonly name: string
  readonly referenceName: string
  readonly unit: string
  readonly note?: string
}

/** A row from pairs: the medians of both sides. */
export function rowOfPairs(text: RowText, pairs: Pairs, rule: GoalRule): BenchRow {
  const spread = { ours: spreadOf(pairs.ours), reference: spreadOf(pairs.reference) }
  const figures = { ours: spread.ours.median, reference: spread.reference.median }
  return { ...rowOf(text, figures, rule), spread }
}

/** A row from one figure a side. */
export function rowOf(
  text: RowText,
  figures: { readonly ours: number; readonly reference: number },
  rule: GoalRule,
): BenchRow {
  const { ours, reference } = figures
  const goal = goalOf(rule, figures, text.unit)
  return {
    ...text,
    ours: rounded(ours),
    reference: rounded(reference),
    ratio: reference === 0 ? 0 : rounded(ours / reference),
    goal: goal.aim === undefined ? goal.limit : `${goal.limit} (aim ${goal.aim})`,
    met: goal.met,
  }
}

function goalOf(
  rule: GoalRule,
  { ours, reference }: { readonly ours: number; readonly reference: number },
  unit: string,
): Goal {
  switch (rule.kind) {
    case 'times':
      return {
        limit: `≤ ${rule.limit} × reference`,
        ...(rule.aim === undefined ? {} : { aim: `${rule.aim} ×` }),
        met: ours <= reference * rule.limit,
      }
    case 'more':
      return {
        limit: `≤ reference + ${rule.limit} ${unit}`,
        ...(rule.aim === undefined ? {} : { aim: rule.aim }),
        met: ours <= reference + rule.limit,
      }
    case 'below': {
      const { limit, times } = rule
      const both = times === undefined ? '' : `, ≤ ${times} × reference`
      const met = ours < limit && ours <= reference * (times ?? Infinity)
      return { limit: `< ${limit} ${unit}${both}`, met }
    }
    case 'none':
      return { limit: 'watched', met: true }
  }
}

function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new TypeError('nothing was measured')
  const sorted = [...values].sort((a, b) => a - b)
  const at = (part: number): number => {
    const place = part * (sorted.length - 1)
    const low = sorted[Math.floor(place)] ?? 0
    const high = sorted[Math.ceil(place)] ?? 0
    return rounded(low + (high - low) * (place - Math.floor(place)))
  }
  const count = sorted.length
  return { min: at(0), p25: at(0.25), median: at(0.5), p75: at(0.75), max: at(1), count }
}

function rounded(value: number): number {
  return Number(value.toFixed(3))
}
