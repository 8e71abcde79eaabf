/** One place in one file, and what stands there once the guard is gone. */
export interface Edit {
  /** Path from the project's root. */
  readonly file: string
  /** Occurs exactly once in the file. */
  readonly find: string
  readonly replace: string
}

/**
 * A recorded seeded bug: a guard taken out, so that the test of an attack is seen to fail without it.
 * A test that passes all the same shows nothing.
 */
export interface Mutant extends Edit {
  /** Id in the attack corpus, `C28`. The title of the test names it. */
  readonly attack: string
  /** The guard that is taken out, in words. */
  readonly removes: string
  /** Further edits made with the first: for an attack that stops at two walls, each of which holds alone. */
  readonly edits?: readonly Edit[]
  /** Must fail by an assertion once the edits are made. */
  readonly test: {
    readonly project: 'unit' | 'integration' | 'repo' | 'attack' | 'e2e' | 'waits'
    /** Path from the project's root. */
    readonly file: string
    /** Part of the title, or of the titles of its groups and its own with a space between. */
    readonly title: string
  }
}
