/** How properties are tried: briefly in every test run, for as long as asked in a long one. */
import './seed.ts'
import fc from 'fast-check'
import { TestRunner, inject, type RunnerTestCase } from 'vitest'

export { fc }

declare module 'vitest' {
  interface ProvidedContext {
    /** How long each property is tried; 0: with the number of inputs its test names. */
    readonly fuzzSeconds: number
  }
  interface TaskMeta {
    /** How many inputs a property was tried with. */
    inputs?: number
    /** What a property's inputs were drawn from: with it they are the same again. */
    seed?: number
    /** What the inputs of a file brought about, counted. */
    met?: string
  }
}

const SECONDS = inject('fuzzSeconds')

/** Options of a test that tries a property. */
export const FUZZED = { timeout: 60_000 + SECONDS * 2000 }

/** Options of a test that tries a property with a stated number of inputs in a long run. */
export const FUZZED_WHOLE = { timeout: SECONDS === 0 ? 60_000 : 30 * 60_000 }

/**
 * Tries a property with `runs` inputs, or in a long run with as many as its time allows.
 * @param longRuns in a long run exactly so many, however long they take
 * @throws what the property throws, with the seed and the path that repeat it
 */
export async function tryInputs<Values>(
  runs: number,
  property: fc.IRawProperty<Values>,
  longRuns: number | null = null,
): Promise<void> {
  const stated = SECONDS === 0 ? runs : longRuns
  const bounds =
    stated !== null
      ? { numRuns: stated }
      : {
          numRuns: Number.MAX_SAFE_INTEGER,
          interruptAfterTimeLimit: SECONDS * 1000,
          // The end of the time is how a long run ends.
          markInterruptAsFailure: false,
        }
  const details = await fc.check(property, bounds)
  const test = TestRunner.getCurrentTest<RunnerTestCase | undefined>()
  if (test) Object.assign(test.meta, { inputs: details.numRuns, seed: details.seed })
  if (details.failed) {
    throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance })
  }
}
