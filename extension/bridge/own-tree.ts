/** Where a document stands, in the browser's own words. */
export interface Standing {
  readonly origin: string
  readonly isTop: boolean
  /** The origins of the documents around it; undefined in browsers that do not tell (Firefox). */
  readonly ancestorOrigins: ArrayLike<string> | undefined
}

/** C10, C113: a document framed by a stranger must not spend, nor a stranger in a frame of the site. */
export function isOwnTree({ origin, isTop, ancestorOrigins }: Standing): boolean {
  if (origin === 'null') return false
  if (isTop) return true
  const ancestors = Array.from(ancestorOrigins ?? [])
  return ancestors.length > 0 && ancestors.every((ancestor) => ancestor === origin)
}
