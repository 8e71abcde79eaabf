// npm run check: format, lint, types, boundaries, dead code, unit tests.
import { ensureInstalled, main, tool } from './toolchain.mjs'

export const STEPS = [
  ['format', 'prettier', ['--check', '--log-level=warn', '.']],
  ['lint', 'eslint', ['--cache', '--cache-location', '.cache/eslint', '.']],
  ['types', 'tsc', ['-p', 'wallet']],
  ['types of tests', 'tsc', ['-p', 'wallet/tsconfig.test.json']],
  ['types of extension', 'tsc', ['-p', 'extension']],
  ['types of tests/', 'tsc', ['-p', 'tests']],
  [
    'boundaries',
    'depcruise',
    ['--config', '.dependency-cruiser.cjs', 'wallet', 'extension', 'tests', '--output-type', 'err'],
  ],
  ['dead code', 'knip', ['--no-progress']],
]

/** Runs every static check; returns the names of those that failed. */
export async function runStaticChecks() {
  const failed = []
  for (const [name, command, args] of STEPS) {
    const started = process.hrtime.bigint()
    const code = await tool(command, args)
    const seconds = Number(process.hrtime.bigint() - started) / 1e9
    console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)`)
    if (code !== 0) failed.push(name)
  }
  return failed
}

if (process.argv[1]?.endsWith('check.mjs')) {
  await main(async () => {
    await ensureInstalled()
    const failed = await runStaticChecks()
    const unit = await tool('vitest', ['run', '--project', 'unit'])
    return failed.length > 0 || unit !== 0 ? 1 : 0
  })
}
