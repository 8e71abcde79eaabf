/** `valetkey agent …`: finds the command and says in plain words what became of it. */
import { ERROR_TABLE, asWalletError } from '@valetkey/wallet/protocol'
import { AgentError } from './agent-error.ts'
import type { Terminal } from './adapters/terminal.ts'
import { allow, apply, clients, pause, resume, revoke } from './commands/client-commands.ts'
import { apps, connect, disconnect, pauseApp, resumeApp } from './commands/app-commands.ts'
import { add, keys, remove } from './commands/key-commands.ts'
import { runCommand, type Command, type Surroundings } from './commands/command.ts'
import { serve } from './commands/serve.ts'
import { join, leave, signUp, status, sync } from './commands/server-commands.ts'
import { usage } from './commands/usage.ts'
import { backup, create, importBackup, keyFile, lock, recover } from './commands/vault-commands.ts'

const COMMANDS: Readonly<Record<string, Command>> = {
  create,
  import: importBackup,
  recover,
  add,
  keys,
  remove,
  allow,
  apply,
  clients,
  pause,
  resume,
  revoke,
  usage,
  serve,
  'sign-up': signUp,
  join,
  status,
  sync,
  leave,
  connect,
  apps,
  'pause-app': pauseApp,
  'resume-app': resumeApp,
  disconnect,
  'key-file': keyFile,
  backup,
  lock,
}

/** @returns the code the process ends with: 0, 1 where it could not be done, 2 for no such command */
export async function runCommandLine(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const { terminal } = surroundings
  const [name = '', ...rest] = args
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) {
    showHelp(terminal)
    return name === 'help' || name === '--help' ? 0 : 2
  }
  try {
    await runCommand(command, rest, surroundings)
    return 0
  } catch (error) {
    terminal.note(wordsFor(error))
    return 1
  }
}

function showHelp(terminal: Terminal): void {
  terminal.note('Usage: valetkey agent COMMAND [--home FOLDER] [--key-file FILE]')
  for (const { usage, does } of Object.values(COMMANDS)) {
    terminal.note(`  ${usage}`)
    terminal.note(`      ${does}`)
  }
}

/** Never the text of an error that is not ours: it may quote what was typed. */
function wordsFor(error: unknown): string {
  if (error instanceof AgentError) return error.message
  const { code, cause } = asWalletError(error)
  const { message, action } = ERROR_TABLE[code]
  const system: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined
  return [message, action, typeof system === 'string' ? `(${system})` : ''].join(' ').trim()
}
