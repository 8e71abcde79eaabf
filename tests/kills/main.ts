/* eslint-disable no-console -- a command line prints */
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { runKills } from './run-kills.ts'

const { values, positionals } = parseArgs({
  options: {
    count: { type: 'string' },
    /** Every kill is told, not each 25th. */
    trace: { type: 'boolean', default: false },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
    extension: { type: 'string', default: process.env['VALETKEY_EXTENSION'] ?? '' },
  },
  allowPositionals: true,
})
const count = Number(values.count ?? positionals[0] ?? 30)
const { extension: extensionDir, seed } = values
if (!Number.isInteger(count) || count < 1) {
  throw new TypeError('npm run test:kills -- --count N: how often the browser is killed.')
}

console.log(`seed ${seed}`)
const startedAt = Date.now()
const tally = await runKills({
  extensionDir,
  count,
  seed,
  onKill({ number, victim, change, afterMs, verdict, note }) {
    const line = `kill ${number}: ${victim}, ${afterMs.toFixed(0)} ms into ${change}: ${verdict}`
    if (note !== '') console.error(`${line}\n${note}`)
    else if (number % 25 === 0 || values.trace) console.log(line)
  },
})
const done = tally.old + tally.new + tally.mixed + tally.lost
const seconds = Math.round((Date.now() - startedAt) / 1000)
console.log(`${seconds} s`)
console.log(
  `${done} kills: ${tally.old} old, ${tally.new} new, ${tally.mixed} mixed, ${tally.lost} lost`,
)
process.exitCode = tally.mixed + tally.lost === 0 && done === count ? 0 : 1
