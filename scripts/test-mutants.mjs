// npm run test:mutants: takes each recorded guard out of a copy, and sees its test fail.
// With names, these mutants only; with --list, what is recorded.
import { ensureChromium } from './find-chromium.mjs'
import { ensureInstalled, main, nodeFile } from './toolchain.mjs'

await main(async () => {
  const args = process.argv.slice(2)
  await ensureInstalled()
  const env = args.includes('--list') ? {} : { VALETKEY_CHROMIUM: await ensureChromium() }
  return nodeFile('tests/attack/mutants/run/main.ts', args, { env })
})
