/** Older models whose own maximum is below what a grant allows: a higher limit is an error to them. */
export interface OutputCap {
  readonly model: RegExp
  readonly tokens: number
}

/** The limit to set where the app gave none: the grant's, or what the model can take. */
export function limitToAdd(
  model: string,
  caps: readonly OutputCap[],
  maxOutputTokens: number,
): number {
  const cap = caps.find((each) => each.model.test(model))
  return cap ? Math.min(cap.tokens, maxOutputTokens) : maxOutputTokens
}
