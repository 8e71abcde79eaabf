// npm run check: the SDK built, then format, lint, types, boundaries, dead code, the
// package as others resolve it, unit tests.
import { buildSdk } from './build.mjs'
import { ensureInstalled, main, tool } from './toolchain.mjs'

/** TypeScript 7 takes an eighth of the time; the linter and the bundler of declarations still need 6. */
const TSC = 'typescript-7/bin/tsc'

export const STEPS = [
  ['lint', 'eslint', ['--cache', '--cache-location', '.cache/eslint', '.']],
  ['format', 'prettier', ['--check', '--log-level=warn', '.']],
  ['types of wallet', TSC, ['-p', 'wallet']],
  ['types of wallet-tests', TSC, ['-p', 'wallet/tsconfig.test.json']],
  ['types of extension', TSC, ['-p', 'extension']],
  ['types of agent', TSC, ['-p', 'agent']],
  ['types of sdk', TSC, ['-p', 'sdk']],
  ['types of sdk-tests', TSC, ['-p', 'sdk/tsconfig.test.json']],
  ['types of server', TSC, ['-p', 'server']],
  ['types of tests', TSC, ['-p', 'tests']],
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
  // Apps are compiled by either.
  ['types as published', TSC, ['-p', 'sdk/type-tests']],
  ['types as published, by TypeScript 6', 'typescript/bin/tsc', ['-p', 'sdk/type-tests']],
  ['types for the AI SDK', TSC, ['-p', 'sdk/type-tests/ai-sdk']],
  ['size of package', 'size-limit', ['--silent'], { folder: 'sdk' }],
]

/**
 * Runs every static check, two at a time; returns the names of those that failed.
 * @param besides run by the lane that is free first: the linter takes longer than all the others together
 */
export async function runStaticChecks(besides) {
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
  const lanes = [lane(), lane()]
  await Promise.race(lanes).then(besides)
  await Promise.all(lanes)
  return failed
}

if (process.argv[1]?.endsWith('check.mjs')) {
  await main(async () => {
    await ensureInstalled()
    // The types of tests that import the package are those it is published with.
    await buildSdk()
    let unit = 1
    const failed = await runStaticChecks(async () => {
      unit = await tool('vitest', ['run', '--project', 'unit'])
    })
    return failed.length > 0 || unit !== 0 ? 1 : 0
  })
}
