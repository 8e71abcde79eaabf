// npm test: sets everything up and runs every test but the long ones.
// npm run test:KIND -- NAME: one kind, and of it the files whose name holds NAME.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { buildExtension, buildSdk } from './build.mjs'
import { runStaticChecks, STEPS } from './check.mjs'
import { ensureChromium } from './find-chromium.mjs'
import { ensureServers } from './find-servers.mjs'
import { ROOT, ensureInstalled, main, tool } from './toolchain.mjs'

/** Each kind, and where its test files lie (the projects of vitest.config.ts). */
const FOLDERS = {
  unit: ['wallet', 'extension', 'sdk/src'],
  integration: ['tests/contract', 'tests/integration', 'agent/src', 'server/src'],
  repo: ['tests/repo'],
  e2e: ['tests/e2e'],
  attack: ['tests/attack'],
  waits: ['tests/waits'],
}
const KINDS = Object.keys(FOLDERS)
/** Needs no build and no browser, so it runs while the linter still does. */
const BESIDES_CHECKS = 'unit'
/** These look at, or run, the built extension and the built SDK. */
const NEED_BUILD = ['repo', 'e2e', 'attack', 'waits']
const NEED_BROWSER = ['e2e', 'attack', 'waits', 'integration']
/** Does little but wait, so it runs beside the others. */
const ASIDE = 'waits'

await main(async () => {
  const [kind, ...names] = process.argv.slice(2)
  if (kind !== undefined && KINDS.includes(kind) && !hasTestFile(kind)) {
    console.log(`${kind}: nothing to run yet.`)
    return 0
  }
  const kinds = kind === undefined ? KINDS : [kind]
  await ensureInstalled()
  const env = {}
  if (kinds.some((one) => NEED_BROWSER.includes(one)))
    env.VALETKEY_CHROMIUM = await ensureChromium()
  if (kinds.includes('integration')) ensureServers()
  if (kinds.some((one) => NEED_BUILD.includes(one))) {
    await buildExtension()
    await buildSdk()
  }

  const total = { passed: 0, failed: 0, failures: [] }
  let tests = 0
  const count = ({ passed, failed, failures }) => {
    total.passed += passed
    total.failed += failed
    total.failures.push(...failures)
    tests += passed + failed
  }
  const waiting = new Set(kinds)
  if (kind === undefined) {
    waiting.delete(BESIDES_CHECKS)
    const failed = await runStaticChecks(async () => count(await runKind(BESIDES_CHECKS, [], env)))
    total.failed += failed.length
    total.passed += STEPS.length - failed.length
    total.failures.push(...failed)
  }
  // Two at a time: the browsers of one wait while those of the other work.
  let aside = null
  for (const one of waiting) {
    if (KINDS.includes(one) && !hasTestFile(one)) {
      console.log(`\n${one}: nothing to run yet.`)
      continue
    }
    if (one === 'e2e' && kinds.includes(ASIDE)) aside = runKind(ASIDE, names, env)
    count(await (one === ASIDE && aside ? aside : runKind(one, names, env)))
  }
  // The end of a long output is what a reader sees first, and often all that is kept.
  for (const failure of total.failures) console.log(`\nFAILED ${failure}`)
  console.log(`${total.passed} passed, ${total.failed} failed`)
  // A run in which no test ran proves nothing, however clean the static checks were.
  return total.failed === 0 && tests > 0 ? 0 : 1
})

function hasTestFile(kind) {
  return FOLDERS[kind].some(
    (folder) =>
      existsSync(join(ROOT, folder)) &&
      readdirSync(join(ROOT, folder), { recursive: true }).some((path) =>
        /\.test\.tsx?$/.test(path),
      ),
  )
}

async function runKind(kind, names, env) {
  const report = join(ROOT, '.cache', `report-${kind}.json`)
  mkdirSync(join(ROOT, '.cache'), { recursive: true })
  rmSync(report, { force: true })
  console.log(`\n${kind}`)
  const args = [
    'run',
    '--project',
    kind,
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  const code = await tool('vitest', [...args, ...names], { env })
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    )
    // A file that does not load has no failed test of its own.
    const failed = Math.max(
      numFailedTests,
      numFailedTests === 0 ? numFailedTestSuites : 0,
      code === 0 ? 0 : 1,
    )
    const failures = failuresOf(testResults)
    if (failed > failures.length) failures.push(`${kind}: vitest ended with ${code}`)
    return { passed: numPassedTests, failed, failures }
  } catch {
    return { passed: 0, failed: 1, failures: [`${kind}: no report was written`] }
  }
}

/** A text for each test that failed, and for each file that did not load. */
function failuresOf(testResults) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(ROOT, name)
    const failed = assertionResults.filter((one) => one.status === 'failed')
    if (status === 'failed' && failed.length === 0) return [`${file}\n${message}`]
    return failed.map((one) => `${file}: ${one.fullName}\n${one.failureMessages.join('\n')}`)
  })
}
