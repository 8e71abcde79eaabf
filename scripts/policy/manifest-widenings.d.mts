/** What a manifest allows beyond an approved one, in sentences. */
export function wideningsOf(
  manifest: Readonly<Record<string, unknown>>,
  approved: Readonly<Record<string, unknown>>,
): string[]
/** Whether every address of the second match pattern is one of the first. */
export function coversPattern(wide: string, narrow: string): boolean
