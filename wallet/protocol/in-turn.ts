/** Runs a step when all steps before it have ended; what one of them threw is no business of the next. */
export type InTurn = <T>(step: () => Promise<T>) => Promise<T>

/** A queue of its own: steps given to it run one after the other, in the order they were given. */
export function createTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (step) => {
    const run = last.then(step)
    last = run.catch(() => undefined)
    return run
  }
}
