/** A package of others that stands in a bundle. */
export interface BundledPackage {
  readonly name: string
  readonly version: string
  /** As its package.json states it. */
  readonly license: string
  /** The watched names it touches, in order. */
  readonly touches: readonly string[]
}

/** What was not approved, in sentences for the person who has to decide. */
export function unapproved(
  packages: readonly BundledPackage[],
  approved: Readonly<Record<string, { readonly touches: readonly string[]; readonly why: string }>>,
): string[]
