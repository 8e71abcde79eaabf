/**
 * Rows read before, sealed as they are stored: each call reads the same two. There is one writer, the
 * worker, so until it writes nothing differs from what was read.
 */
export interface ReadRows {
  /** The row as it was read last, or as `read` gives it now. */
  get(recordId: string, read: () => Promise<unknown>): Promise<unknown>
  /** Runs a write; whatever was read before its end is read anew. */
  during(write: () => Promise<void>): Promise<void>
}

/** More than the grants and keys in use; a list of ten thousand is not read row by row. */
const ROWS = 64

export function createReadRows(): ReadRows {
  const kept = new Map<string, Promise<unknown>>()
  const forget = (): void => {
    kept.clear()
  }
  return {
    get(recordId, read) {
      const known = kept.get(recordId)
      if (known) return known
      if (kept.size >= ROWS) forget()
      const reading = read()
      kept.set(recordId, reading)
      reading.catch(() => {
        if (kept.get(recordId) === reading) kept.delete(recordId)
      })
      return reading
    },
    async during(write) {
      // Before and after: a read that began while it was written may have seen either.
      forget()
      try {
        await write()
      } finally {
        forget()
      }
    },
  }
}
