// npm run test:long -- SECONDS: what npm test has no time for. Every property of the fuzz tests, each
// for so many seconds (60) and with inputs of its own; listed by name, duration and inputs tried.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, ensureInstalled, main, tool } from './toolchain.mjs'

const USUAL_SECONDS = 60

await main(async () => {
  const seconds = Number(process.argv[2] ?? USUAL_SECONDS)
  if (!(seconds > 0)) {
    console.error('npm run test:long -- SECONDS: for how long each property is tried.')
    return 2
  }
  await ensureInstalled()
  mkdirSync(join(ROOT, '.cache'), { recursive: true })
  const report = join(ROOT, '.cache', 'report-long.json')
  const projects = ['--project', 'unit', '--project', 'integration']
  const args = ['run', ...projects, '--reporter=default', '--reporter=json']
  const env = { VALETKEY_FUZZ_SECONDS: String(seconds) }
  const code = await tool('vitest', [...args, `--outputFile.json=${report}`, '.fuzz.test.'], {
    env,
  })

  const { testResults, numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
  console.log()
  for (const { assertionResults } of testResults) {
    for (const { fullName, duration = 0, meta, status } of assertionResults) {
      const { inputs: tried, seed, met } = meta
      const inputs = tried === undefined ? '' : `, ${tried} inputs (seed ${seed})`
      console.log(`${status} in ${(duration / 1000).toFixed(1)} s${inputs}: ${fullName}`)
      if (met !== undefined) console.log(`  ${met}`)
    }
  }
  console.log(`${numPassedTests} passed, ${numFailedTests} failed`)
  return code
})
