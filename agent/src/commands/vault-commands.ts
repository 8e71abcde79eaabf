import { readFileSync, statSync } from 'node:fs'
import { BACKUP_LIMIT_BYTES, PASSPHRASE_MIN_LENGTH } from '@valetkey/wallet/protocol'
import {
  backupKeys,
  createVault,
  openBackup,
  readVaultState,
  recoverVault,
  restoreVault,
  restoreVaultWithKit,
  type RecoveryKit,
} from '@valetkey/wallet/vault'
import { AgentError } from '../agent-error.ts'
import { writeNewPrivateFile } from '../adapters/private-file.ts'
import type { Terminal } from '../adapters/terminal.ts'
import { listKeyFiles, makeKeyFile, revokeKeyFile } from '../key-file.ts'
import { signalLock } from '../lock-signal.ts'
import { addMissingKeys } from '../provider-keys.ts'
import { withPassphrase, withVault, type Call, type Command } from './command.ts'

export const create: Command = {
  usage: 'create',
  does: 'makes a wallet on this computer',
  async run({ home, terminal }) {
    await assertNone(home.vault.store)
    const passphrase = await newPassphrase(terminal)
    const { vault, kit } = await createVault(home.vault, passphrase)
    vault.wipe()
    terminal.note(`The wallet is in ${home.folder}.`)
    showKit(terminal, kit)
  },
}

export const importBackup: Command = {
  usage: 'import FILE',
  does: 'takes over a backup of ValetKey: all of it, or its keys where there is a wallet',
  async run(call) {
    const [path = ''] = call.words
    const { home, terminal } = call
    const file = readBackup(path)
    if ((await readVaultState(home.vault.store)) === 'none') {
      await restore(call, file)
      return
    }
    terminal.note('The passphrase of the wallet here, then what opens the backup.')
    await withVault(call, async (vault) => {
      const backup = await openBackup(home.vault, file, await backupCredentials(terminal))
      const added = await addMissingKeys(vault, backupKeys(backup))
      terminal.say(`${added} keys were added.`)
    })
  },
}

type TypedCredentials =
  | { readonly recoveryKeyText: string }
  | { readonly passphrase: string; readonly secretKeyText: string }

async function restore({ home, terminal }: Call, file: Uint8Array): Promise<void> {
  const credentials = await backupCredentials(terminal)
  if ('recoveryKeyText' in credentials) {
    const { recoveryKeyText } = credentials
    const renewed = { recoveryKeyText, newPassphrase: await newPassphrase(terminal) }
    const { vault, kit } = await restoreVaultWithKit(home.vault, file, renewed)
    vault.wipe()
    showKit(terminal, kit)
  } else {
    const { vault } = await restoreVault(home.vault, file, credentials)
    vault.wipe()
  }
  terminal.say(`The backup is restored in ${home.folder}.`)
}

async function backupCredentials(terminal: Terminal): Promise<TypedCredentials> {
  const typed = (await terminal.askSecret('Secret Key (VK1-…) or recovery key (VR1-…):')).trim()
  if (/^VR1/i.test(typed)) return { recoveryKeyText: typed }
  const passphrase = await terminal.askSecret('Passphrase of the backup:')
  return { passphrase, secretKeyText: typed }
}

function readBackup(path: string): Uint8Array {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats?.isFile()) throw new AgentError(`There is no file ${path}.`)
  if (stats.size > BACKUP_LIMIT_BYTES) throw new AgentError(`${path} is no backup.`)
  return Uint8Array.from(readFileSync(path))
}

export const recover: Command = {
  usage: 'recover',
  does: 'opens the wallet with its recovery key, and gives it a new passphrase and a new kit',
  async run({ home, terminal }) {
    const recoveryKeyText = (await terminal.askSecret('Recovery key (VR1-…):')).trim()
    const passphrase = await newPassphrase(terminal)
    const recovery = { recoveryKeyText, newPassphrase: passphrase }
    const { vault, kit } = await recoverVault(home.vault, recovery)
    vault.wipe()
    // What serves goes on with keys that open nothing any more.
    await signalLock(home.file)
    terminal.note('The passphrase is another now. Every key file was revoked.')
    showKit(terminal, kit)
  },
}

export const backup: Command = {
  usage: 'backup FILE',
  does: 'writes an encrypted backup, which the extension reads too',
  async run(call) {
    const [path = ''] = call.words
    await withPassphrase(call, async (vault) => {
      const { file, recordCount, damaged } = await vault.createBackup()
      writeNewPrivateFile(path, file)
      call.terminal.say(`${recordCount} records are in ${path}.`)
      if (damaged.length > 0) call.terminal.note(`${damaged.length} could not be read.`)
    })
  },
}

export const lock: Command = {
  usage: 'lock',
  does: 'locks the wallet wherever it serves: every call ends, and the process with them',
  async run({ home, terminal }) {
    await signalLock(home.file)
    terminal.say('Locked.')
  },
}

export const keyFile: Command = {
  usage: 'key-file make|list|revoke [FILE-OR-ID]',
  does: 'a file that opens the wallet without its passphrase: makes, lists or revokes one',
  async run(call) {
    const [action = '', word] = call.words
    const { home, terminal } = call
    switch (action) {
      case 'make':
        if (word === undefined) throw new AgentError('Usage: valetkey agent key-file make FILE')
        await withPassphrase(call, async (vault) => {
          const id = await makeKeyFile(home.vault, vault, word)
          terminal.say(`${word} opens this wallet. Its id is ${id.slice(0, SHOWN_ID)}.`)
        })
        return
      case 'list':
        await withVault(call, async (vault) => {
          for (const { id, createdAt } of await listKeyFiles(home.vault, vault)) {
            const made = createdAt === null ? '' : new Date(createdAt).toISOString()
            terminal.say(`${id.slice(0, SHOWN_ID)}  ${made}`.trimEnd())
          }
        })
        return
      case 'revoke':
        if (word === undefined) throw new AgentError('Usage: valetkey agent key-file revoke ID')
        await withVault(call, (vault) => revokeKeyFile(home.vault, vault, word))
        terminal.say('The key file opens nothing any more.')
        return
      default:
        throw new AgentError(`Usage: valetkey agent ${keyFile.usage}`)
    }
  },
}

/** Of 43: enough to name one, and little to type. */
const SHOWN_ID = 10

async function assertNone(store: Call['home']['vault']['store']): Promise<void> {
  const state = await readVaultState(store)
  if (state === 'present') throw new AgentError('There is a wallet already.')
}

async function newPassphrase(terminal: Terminal): Promise<string> {
  const passphrase = await terminal.askSecret('New passphrase:')
  if (Array.from(passphrase.normalize('NFKC')).length < PASSPHRASE_MIN_LENGTH) {
    throw new AgentError(`A passphrase has ${PASSPHRASE_MIN_LENGTH} characters or more.`)
  }
  if ((await terminal.askSecret('Once more:')) !== passphrase) {
    throw new AgentError('The two are not the same. Nothing was changed.')
  }
  return passphrase
}

/** The output itself, so that it can be printed; what is beside it goes to the terminal alone. */
export function showKit(terminal: Terminal, kit: RecoveryKit & { readonly server?: string }): void {
  const { secretKeyText, recoveryKeyText, accountId, server } = kit
  terminal.note('Write this down now. It is not shown again.')
  if (server !== undefined) {
    terminal.say(`Server        ${server}`)
    terminal.say(`Account id    ${accountId}`)
  }
  terminal.say(`Secret Key    ${secretKeyText}`)
  terminal.say(`Recovery key  ${recoveryKeyText}`)
}
