// npm run check: the SDK built, then format, lint, types, boundaries, dead code, the
// package as others resolve it, unit tests.
import { buildSdk } from './build.mjs'
import { ensureInstalled, main, tool } from './toolchain.mjs'

export const STEPS = [
  ['lint', 'eslint', ['--cache', '--cache-location', '.cache/eslint', '.']],
  ['format', 'prettier', ['--check', '--log-level=warn', '.']],
  types('wallet', 'wallet'),
  types('wallet-tests', 'wallet/tsconfig.test.json'),
  types('extension', 'extension'),
  types('agent', 'agent'),
  types('sdk', 'sdk'),
  types('sdk-tests', 'sdk/tsconfig.test.json'),
  types('server', 'server'),
  types('tests', 'tests'),
  [
    'boundaries',
    'depcruise',
    [
      ...['--config', '.dependency-cruiser.cjs', '--output-type', 'err'],
      ...['wallet', 'extension', 'agent', 'sdk', 'server', 'tests'],
    ],
  ],
  ['dead code', 'knip', ['--no-progress']],
  ['package', 'publint', ['sdk', '--strict']],
  // ESM alone: CommonJS resolution is no promise of ours.
  ['types of package', 'attw', ['--pack', 'sdk', '--profile', 'esm-only', '--quiet']],
  ['types as published', 'tsc', ['-p', 'sdk/type-tests']],
  ['types for the AI SDK', 'tsc', ['-p', 'sdk/type-tests/ai-sdk']],
  ['size of package', 'size-limit', ['--silent'], { folder: 'sdk' }],
]

/** Types of one project, remembered between runs. */
function types(name, project) {
  const memory = `.cache/types-${name}.tsbuildinfo`
  return [`types of ${name}`, 'tsc', ['-p', project, '--incremental', '--tsBuildInfoFile', memory]]
}

/** Runs every static check, two at a time; returns the names of those that failed. */
export async function runStaticChecks() {
  const failed = []
  const waiting = [...STEPS]
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const [name, command, args, options] = step
      const started = process.hrtime.bigint()
      const code = await tool(command, args, options)
      const seconds = Number(process.hrtime.bigint() - started) / 1e9
      console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)`)
      if (code !== 0) failed.push(name)
    }
  }
  await Promise.all([lane(), lane()])
  return failed
}

if (process.argv[1]?.endsWith('check.mjs')) {
  await main(async () => {
    await ensureInstalled()
    // The types of tests that import the package are those it is published with.
    await buildSdk()
    const failed = await runStaticChecks()
    const unit = await tool('vitest', ['run', '--project', 'unit'])
    return failed.length > 0 || unit !== 0 ? 1 : 0
  })
}
