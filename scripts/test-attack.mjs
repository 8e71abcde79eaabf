// npm run test:attack: the attack corpus. With --list, the state of every id instead.
import { ensureInstalled, main, nodeFile } from './toolchain.mjs'

await main(async () => {
  if (!process.argv.includes('--list')) {
    process.argv.splice(2, 0, 'attack')
    await import('./test.mjs')
    return process.exitCode
  }
  await ensureInstalled()
  return nodeFile('tests/attack/list.ts')
})
