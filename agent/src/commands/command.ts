import { parseArgs, type ParseArgsConfig } from 'node:util'
import { AgentError } from '../agent-error.ts'
import type { Terminal } from '../adapters/terminal.ts'
import { openVault } from '../unlock.ts'
import { openWalletHome, type WalletHome } from '../wallet-home.ts'
import type { Forward } from '@valetkey/wallet/proxy'
import type { OpenVault, PassphraseKdf } from '@valetkey/wallet/vault'

/** What a command was called with, and what it works on. */
export interface Call extends Pick<Surroundings, 'terminal' | 'forward' | 'stop'> {
  /** What stands behind the command's name, options left out. */
  readonly words: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
  readonly home: WalletHome
}

export interface Command {
  /** After `valetkey agent`. */
  readonly usage: string
  readonly does: string
  readonly options?: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>
  run(call: Call): Promise<void>
}

/** What the commands are run in. */
export interface Surroundings {
  readonly terminal: Terminal
  readonly kdf: PassphraseKdf
  readonly forward: Forward
  /** Somebody wants the process to end. */
  readonly stop: AbortSignal
}

/** Of every command. Secrets are none of them: a command line is read by every process of the computer. */
const COMMON = { home: { type: 'string' }, 'key-file': { type: 'string' } } as const

/**
 * Runs a command with its arguments.
 * @throws AgentError for arguments that are none of the command's
 */
export async function runCommand(
  command: Command,
  args: readonly string[],
  { kdf, ...around }: Surroundings,
): Promise<void> {
  const { values, positionals } = readArguments(command, args)
  const [least, most] = wordCount(command.usage)
  if (positionals.length < least || positionals.length > most) {
    throw new AgentError(`Usage: valetkey agent ${command.usage}`)
  }
  const folder = textOption(values, 'home') ?? process.env['VALETKEY_HOME']
  const home = openWalletHome(kdf, folder)
  try {
    await command.run({ words: positionals, options: values, home, ...around })
  } finally {
    home.file.close()
  }
}

function readArguments({ usage, options }: Command, args: readonly string[]) {
  const config = {
    ...{ args: [...args], allowPositionals: true, strict: true },
    options: { ...COMMON, ...options },
  } satisfies ParseArgsConfig
  try {
    const { values, positionals } = parseArgs(config)
    return { values: values as Call['options'], positionals }
  } catch {
    // What was typed is not repeated: somebody may have typed a secret there.
    throw new AgentError(`Usage: valetkey agent ${usage}`)
  }
}

/** Behind the command's name: `add [PROVIDER]` → none or one. */
function wordCount(usage: string): [least: number, most: number] {
  const words = usage.split(' ').slice(1)
  return [words.filter((word) => !word.startsWith('[')).length, words.length]
}

export function textOption(options: Call['options'], name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

/** Opens the vault as the options say. */
export function openForCommand({ home, terminal, options }: Call): Promise<OpenVault> {
  const keyFile = textOption(options, 'key-file') ?? process.env['VALETKEY_KEY_FILE']
  return openVault(home.vault, terminal, keyFile)
}

/** Opens the vault for one command and locks it again. */
export async function withVault<T>(call: Call, act: (vault: OpenVault) => Promise<T>): Promise<T> {
  const vault = await openForCommand(call)
  try {
    return await act(vault)
  } finally {
    vault.wipe()
  }
}

/** The same, and only by the passphrase: for what would let somebody in who must not stay. */
export async function withPassphrase<T>(
  call: Call,
  act: (vault: OpenVault) => Promise<T>,
): Promise<T> {
  const vault = await openVault(call.home.vault, call.terminal, undefined)
  try {
    return await act(vault)
  } finally {
    vault.wipe()
  }
}
