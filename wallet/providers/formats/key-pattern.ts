import type { KeyPattern } from '../provider.ts'

/** A key in running text. `\b` fails beside keys that begin or end in `-` or `_`. */
export function boundedPattern(pattern: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9_-])${pattern}(?![A-Za-z0-9_-])`)
}

/** A form that is stored. @param scope how far the form alone says whose key it is */
export function keyForm(kind: string, pattern: string, scope: KeyPattern['scope']): KeyPattern {
  return { kind, pattern: boundedPattern(pattern), scope, storable: true }
}

/** C39: a form that is known and never stored. */
export function refusedForm(kind: string, pattern: string): KeyPattern {
  return { kind, pattern: boundedPattern(pattern), scope: 'anywhere', storable: false }
}
