interface Outcome<T> {
  readonly onValue: (value: T) => void
  readonly onError: (error: unknown) => void
}

/**
 * Reads again after every change, one reading at a time: of changes that come meanwhile, as a hundred
 * tested keys bring, one more reading shows them all.
 */
export function createRefresher<T>(
  read: () => Promise<T>,
  { onValue, onError }: Outcome<T>,
): { readonly refresh: () => void; readonly stop: () => void } {
  let isReading = false
  let isStale = false
  let isStopped = false

  const readOnce = async () => {
    isStale = false
    try {
      const value = await read()
      // Also where it is out of date by now: under a change every moment nothing would ever be shown.
      if (!isStopped) onValue(value)
    } catch (error) {
      if (!isStopped) onError(error)
    }
  }
  const readWhileStale = async () => {
    isReading = true
    do await readOnce()
    while (isStale && !isStopped)
    isReading = false
  }
  return {
    refresh: () => {
      isStale = true
      if (!isReading) void readWhileStale()
    },
    stop: () => {
      isStopped = true
    },
  }
}
