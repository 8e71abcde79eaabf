/** The process of `npx valetkey agent`. */
import { deriveArgon2id } from '@valetkey/wallet/crypto/kdf'
import { createTerminal } from './adapters/terminal.ts'
import { runCommandLine } from './command-line.ts'

const terminal = createTerminal(process.stdin, process.stdout, process.stderr)
process.exitCode = await runCommandLine(process.argv.slice(2), { terminal, kdf: deriveArgon2id })
