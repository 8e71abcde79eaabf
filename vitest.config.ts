import { defineConfig } from 'vitest/config'
import type {} from './wallet/testing/fuzz.ts'

/**
 * A time-out of a browser on a busy machine is tried once more; a failed assertion never is, or a leak
 * that shows every other time would pass.
 */
const ONCE_MORE_AFTER_TIME_OUT = {
  count: 1,
  condition:
    /timed out|timeout|resolve in time|worker of extension .* did not start|^No .+ on \S+\. The screen says/i,
}

/** How long a long run tries each property; 0: every other run. */
const FUZZ_SECONDS = Number(process.env['VALETKEY_FUZZ_SECONDS'] ?? 0)

/** One project a kind of test; `npm run test:<kind>` selects it. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'wallet/**/*.test.ts',
            'extension/**/*.test.{ts,tsx}',
            'sdk/src/**/*.test.{ts,tsx}',
          ],
          environment: 'node',
          testTimeout: 30_000,
          maxWorkers: 2,
          setupFiles: ['wallet/testing/seed.ts'],
          provide: { fuzzSeconds: FUZZ_SECONDS },
          // Loading the modules anew for each file took longer than the tests of all.
          isolate: false,
          // So that a test that resets the modules has it read the browser it made.
          server: { deps: { inline: ['webextension-polyfill'] } },
        },
      },
      {
        test: {
          name: 'integration',
          include: [
            'tests/contract/**/*.test.ts',
            'tests/integration/**/*.test.ts',
            'agent/src/**/*.test.ts',
            'server/src/**/*.test.ts',
          ],
          environment: 'node',
          testTimeout: 30_000,
          maxWorkers: 2,
          provide: { fuzzSeconds: FUZZ_SECONDS },
        },
      },
      {
        test: {
          name: 'repo',
          include: ['tests/repo/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // While one browser waits the other works.
          maxWorkers: 2,
          retry: ONCE_MORE_AFTER_TIME_OUT,
        },
      },
      {
        test: {
          name: 'attack',
          include: ['tests/attack/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
          retry: ONCE_MORE_AFTER_TIME_OUT,
        },
      },
      {
        test: {
          name: 'waits',
          include: ['tests/waits/**/*.test.ts'],
          environment: 'node',
          hookTimeout: 180_000,
          retry: ONCE_MORE_AFTER_TIME_OUT,
        },
      },
      {
        test: {
          name: 'firefox',
          include: ['tests/firefox/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
