/** The process of `npx valetkey agent`. */
import { deriveArgon2id } from '@valetkey/wallet/crypto/kdf'
import { forward } from '@valetkey/wallet/proxy'
import { createTerminal } from './adapters/terminal.ts'
import { runCommandLine } from './command-line.ts'

const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The second one ends the process as it stands: what was held is charged by the next.
  process.once(signal, () => {
    ending.abort()
  })
}
process.exitCode = await runCommandLine(process.argv.slice(2), {
  terminal: createTerminal(process.stdin, process.stdout, process.stderr),
  kdf: deriveArgon2id,
  forward,
  stop: ending.signal,
})
