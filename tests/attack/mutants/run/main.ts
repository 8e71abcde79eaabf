/* eslint-disable no-console -- a command line prints */
/**
 * npm run test:mutants [-- NAME…] [--list]: takes each recorded guard out of a copy of the checkout, and
 * sees its test fail. A name is an id of the corpus (`C28`), or part of a mutant's file, of its test's
 * file, or the project of its test.
 */
import { parseArgs } from 'node:util'
import { editsOf, readMutants, type RecordedMutant } from './all-mutants.ts'
import { createCheckoutCopy, type CheckoutCopy } from './checkout-copy.ts'
import { createTestRunner, type TestRunner, type Verdict } from './test-runner.ts'

type Outcome = 'killed' | 'survived' | 'broken'

const { values, positionals } = parseArgs({
  options: { list: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const chosen = (await readMutants()).filter((mutant) => isChosen(mutant, positionals))
if (values.list) {
  for (const { name, attack, removes, test } of chosen) {
    console.log(`${name} ${attack} ${removes}; ${test.project}: ${test.file}`)
  }
} else {
  process.exitCode = (await runAll(chosen)) ? 0 : 1
}

function isChosen(mutant: RecordedMutant, names: readonly string[]): boolean {
  const { attack, name, test } = mutant
  return (
    names.length === 0 ||
    names.some((wanted) =>
      /^C\d+$/.test(wanted)
        ? attack === wanted
        : name.includes(wanted) || test.file.includes(wanted) || test.project === wanted,
    )
  )
}

async function runAll(mutants: readonly RecordedMutant[]): Promise<boolean> {
  const copy = createCheckoutCopy()
  const runner = await createTestRunner(copy.root)
  const counts: Record<Outcome, number> = { killed: 0, survived: 0, broken: 0 }
  try {
    const untouched = await runUntouched(mutants, copy, runner)
    for (const mutant of mutants) {
      const startedAt = performance.now()
      const { outcome, reason } = await trial(mutant, { copy, runner, untouched })
      counts[outcome] += 1
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      console.log(
        `${outcome} ${mutant.name} ${mutant.attack} ${mutant.removes} (${seconds} s)` +
          (outcome === 'killed' ? '' : `\n  ${mutant.test.title}\n  ${reason}`),
      )
    }
  } finally {
    await runner.close()
  }
  const { killed, survived, broken } = counts
  console.log(`${mutants.length} mutants: ${killed} killed, ${survived} survived, ${broken} broken`)
  return killed === mutants.length && killed > 0
}

interface Bench {
  readonly copy: CheckoutCopy
  readonly runner: TestRunner
  /** How each named test ended with every guard in its place. */
  readonly untouched: ReadonlyMap<string, Verdict>
}

/** Each named test once, without a mutant: what fails anyway proves nothing by failing. */
async function runUntouched(
  mutants: readonly RecordedMutant[],
  copy: CheckoutCopy,
  runner: TestRunner,
): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = new Map<string, Verdict>()
  if (mutants.some(needsBuild)) await copy.build()
  // One run a file: a browser is started for each.
  for (const ofFile of Map.groupBy(
    mutants,
    ({ test }) => `${test.project} ${test.file}`,
  ).values()) {
    const tests = [...new Map(ofFile.map(({ test }) => [keyOf(test), test])).values()]
    const found = await runner.run(tests)
    tests.forEach((test, index) => {
      const verdict = found[index]
      if (verdict) verdicts.set(keyOf(test), verdict)
    })
  }
  return verdicts
}

async function trial(
  mutant: RecordedMutant,
  { copy, runner, untouched }: Bench,
): Promise<{ outcome: Outcome; reason: string }> {
  const before = untouched.get(keyOf(mutant.test))
  if (before?.outcome !== 'passed') {
    return { outcome: 'broken', reason: `Without the mutant: ${before?.reason ?? ''}` }
  }
  try {
    runner.forget(copy.apply(editsOf(mutant)))
    if (needsBuild(mutant)) await copy.build()
    const [verdict] = await runner.run([mutant.test])
    if (verdict?.outcome === 'failed') return { outcome: 'killed', reason: verdict.reason }
    return verdict?.outcome === 'passed'
      ? { outcome: 'survived', reason: 'The test passes without the guard.' }
      : { outcome: 'broken', reason: verdict?.reason ?? '' }
  } catch (error) {
    return { outcome: 'broken', reason: error instanceof Error ? error.message : String(error) }
  } finally {
    runner.forget(copy.apply([]))
  }
}

/** Tests in a browser, and of the build itself, look at the built extension. */
function needsBuild({ test }: RecordedMutant): boolean {
  return ['attack', 'e2e', 'waits', 'repo'].includes(test.project)
}

function keyOf(test: RecordedMutant['test']): string {
  return `${test.project} ${test.file} ${test.title}`
}
