/** A stored value, read once and kept in memory: a call waits for no storage. */
export interface KeptValue<T> {
  readonly read: () => Promise<T>
  /** From the call on, readers get the new value, and only once it is written. */
  readonly write: (value: T) => Promise<void>
  /** Somebody else may have written: it is read anew. A write of ours that is under way comes last. */
  readonly forget: () => void
}

export function keepValue<T>(
  load: () => Promise<T>,
  store: (value: T) => Promise<void>,
): KeptValue<T> {
  let kept: Promise<T> | null = null
  let writing: Promise<T> | null = null
  const keep = (value: Promise<T>): Promise<T> => {
    kept = value
    // What failed once is read anew.
    value.catch(() => {
      if (kept === value) kept = null
    })
    return value
  }
  return {
    read: () => kept ?? keep(load()),
    async write(value) {
      const written = store(value).then(() => value)
      writing = written
      try {
        await keep(written)
      } finally {
        if (writing === written) writing = null
      }
    },
    forget() {
      if (kept !== writing) kept = null
    },
  }
}
