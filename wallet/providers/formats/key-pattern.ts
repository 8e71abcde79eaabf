/** A key in running text. `\b` fails beside keys that begin or end in `-` or `_`. */
export function boundedPattern(pattern: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9_-])${pattern}(?![A-Za-z0-9_-])`)
}
