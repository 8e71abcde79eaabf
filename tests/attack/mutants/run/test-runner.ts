/** Runs single tests of a copy, in one process that stays: start-up is most of what a unit test costs. */
import { join } from 'node:path'
import { createVitest, type TestCase, type Vitest } from 'vitest/node'
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
  run(test: NamedTest): Promise<Verdict>
  /** These files are no longer what they were. */
  forget(paths: readonly string[]): void
  close(): Promise<void>
}

/** @param root of the copy */
export async function createTestRunner(root: string): Promise<TestRunner> {
  process.chdir(root)
  const config = join(root, 'vitest.config.ts')
  const vitest = await createVitest({ root, config, watch: false, reporters: [{}] })
  return {
    run: (test) => runNamed(vitest, join(root, test.file), test),
    forget(paths) {
      for (const path of paths) vitest.invalidateFile(path)
    },
    close: () => vitest.close(),
  }
}

async function runNamed(
  vitest: Vitest,
  path: string,
  { project: name, title }: NamedTest,
): Promise<Verdict> {
  const project = vitest.projects.find((one) => one.name === name)
  if (!project) return broken(`There is no project ${name}.`)
  const testNamePattern = new RegExp(title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const specification = project.createSpecification(path, { testNamePattern })
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([specification])
  const [module] = testModules
  if (!module) return broken('No file ran.')
  const ran = [...module.children.allTests()].filter((one) => one.result().state !== 'skipped')
  const failed = ran.filter((one) => one.result().state === 'failed')
  if (failed.length > 0) return judgeFailures(failed)
  const [error] = [...module.errors().map(({ message }) => message), ...unhandledErrors]
  if (error !== undefined) return broken(firstLine(error))
  for (const suite of module.children.allSuites()) {
    const [failure] = suite.errors()
    if (failure) return broken(firstLine(failure.message))
  }
  return ran.length === 0 ? broken('No test of this title ran.') : { outcome: 'passed', reason: '' }
}

function judgeFailures(failed: readonly TestCase[]): Verdict {
  const errors = failed.flatMap((one) => one.result().errors ?? [])
  const assertion = errors.find(({ name }) => name === 'AssertionError')
  if (assertion) return { outcome: 'failed', reason: firstLine(assertion.message) }
  return broken(firstLine(errors[0]?.message ?? 'It failed without an error.'))
}

function broken(reason: string): Verdict {
  return { outcome: 'broken', reason }
}

function firstLine(text: unknown): string {
  return (String(text).split('\n')[0] ?? '').slice(0, 200)
}
