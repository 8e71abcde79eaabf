/** Runs single tests of a copy, in one process that stays: start-up is most of what a unit test costs. */
import { join } from 'node:path'
import {
  createVitest,
  type Reporter,
  type TestCase,
  type TestModule,
  type Vitest,
} from 'vitest/node'
import type { Mutant } from '../mutant.ts'

type NamedTest = Mutant['test']

/**
 * `failed`: by an assertion. `broken`: it never ran, or ended in another way (a time-out, an error of
 * the set-up, a module that does not load), which shows nothing about the guard.
 */
export interface Verdict {
  readonly outcome: 'passed' | 'failed' | 'broken'
  /** The first line of what it failed with. */
  readonly reason: string
}

export interface TestRunner {
  /** Runs these tests, all of one file. @returns a verdict for each, in their order */
  run(tests: readonly NamedTest[]): Promise<readonly Verdict[]>
  /** These files are no longer what they were. */
  forget(paths: readonly string[]): void
  close(): Promise<void>
}

/** Long: a test that is cut short on a busy machine says nothing about the guard. */
const TEST_TIMEOUT_MS = 120_000

/** @param root of the copy */
export async function createTestRunner(root: string): Promise<TestRunner> {
  process.chdir(root)
  const config = join(root, 'vitest.config.ts')
  // Vitest also keeps what earlier runs found: only what ends in a run is its own.
  const ended: TestModule[] = []
  const reporter: Reporter = {
    onTestModuleEnd: (module) => {
      ended.push(module)
    },
  }
  const vitest = await createVitest({
    ...{ root, config, watch: false, reporters: [reporter] },
    testTimeout: TEST_TIMEOUT_MS,
  })
  return {
    run(tests) {
      ended.length = 0
      return runNamed({ vitest, root, ended }, tests)
    },
    forget(paths) {
      for (const path of paths) vitest.invalidateFile(path)
    },
    close: () => vitest.close(),
  }
}

interface Running {
  readonly vitest: Vitest
  readonly root: string
  /** The files whose run has ended, by this run only. */
  readonly ended: readonly TestModule[]
}

async function runNamed(
  { vitest, root, ended }: Running,
  tests: readonly NamedTest[],
): Promise<readonly Verdict[]> {
  const [first] = tests
  const project = vitest.projects.find(({ name }) => name === first?.project)
  if (!first || !project) return tests.map(() => broken('There is no such project.'))
  const titles = tests.map(({ title }) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const specification = project.createSpecification(join(root, first.file), {
    testNamePattern: new RegExp(titles.join('|')),
  })
  const { unhandledErrors } = await vitest.runTestSpecifications([specification])
  const [module, another] = ended
  if (!module || another) return tests.map(() => broken('Not one file ran, but none or more.'))
  const failure = failureAround(module) ?? unhandledErrors[0]
  return tests.map(({ title }) => judge(module, title, failure))
}

/** What went wrong beside the tests themselves: a file that does not load, a set-up that fails. */
function failureAround(module: TestModule): unknown {
  const suites = [...module.children.allSuites()]
  return [...module.errors(), ...suites.flatMap((suite) => suite.errors())][0]?.message
}

function judge(module: TestModule, title: string, failure: unknown): Verdict {
  const ran = [...module.children.allTests()].filter(
    (one) => wholeTitle(one).includes(title) && one.result().state !== 'skipped',
  )
  const failed = ran.filter((one) => one.result().state === 'failed')
  if (failed.length > 0) return judgeFailures(failed)
  if (failure !== undefined) return broken(firstLine(failure))
  return ran.length === 0 ? broken('No test of this title ran.') : { outcome: 'passed', reason: '' }
}

function judgeFailures(failed: readonly TestCase[]): Verdict {
  const errors = failed.flatMap((one) => one.result().errors ?? [])
  const assertion = errors.map(assertionIn).find((error) => error !== null)
  if (assertion) return { outcome: 'failed', reason: firstLine(assertion.message) }
  return broken(firstLine(errors[0]?.message ?? 'It failed without an error.'))
}

interface Thrown {
  readonly name?: string | undefined
  readonly message: string
  readonly cause?: Thrown | undefined
}

/** The failed assertion an error is, or was caused by: a property test wraps its own. */
function assertionIn(error: Thrown): Thrown | null {
  if (error.name === 'AssertionError') return error
  return error.cause ? assertionIn(error.cause) : null
}

/** The titles of its groups and its own, as a mutant names them. */
function wholeTitle(test: TestCase): string {
  return test.fullName.replaceAll(' > ', ' ')
}

function broken(reason: string): Verdict {
  return { outcome: 'broken', reason }
}

function firstLine(text: unknown): string {
  return (String(text).split('\n')[0] ?? '').slice(0, 200)
}
