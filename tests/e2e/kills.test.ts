import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { runKills, type KillReport } from '../kills/run-kills.ts'
import { EXTENSION_DIR } from './world.ts'

/** A sample; `npm run test:kills -- --count 1000` is the long run. */
const COUNT = 20
const TIME_MS = 300_000

describe('a browser or worker that is killed while the vault is written', () => {
  it(
    'C87: leaves the old vault or the new one, never a mix, and loses nothing',
    async () => {
      const seed = randomBytes(4).toString('hex')
      const faults: KillReport[] = []
      const onKill = (report: KillReport) => {
        if (report.note !== '') faults.push(report)
      }

      const tally = await runKills({ extensionDir: EXTENSION_DIR, count: COUNT, seed, onKill })

      expect(faults, `seed ${seed}`).toEqual([])
      expect(tally.old + tally.new).toBe(COUNT)
    },
    TIME_MS,
  )
})
