import { headCode } from '@valetkey/wallet/sync'
import { readDeviceNames } from '@valetkey/wallet/vault'
import { claimServing } from '../agent.ts'
import { AgentError } from '../agent-error.ts'
import { assertNoWallet, joinAt, leaveServer, readServer, signUpAt } from '../membership.ts'
import { openServerLink, openServerMemory } from '../server-memory.ts'
import { createWalletParts, wordsFor, type WalletParts } from '../wallet-parts.ts'
import { withVault, type Call, type Command } from './command.ts'
import { showKit } from './vault-commands.ts'

export const signUp: Command = {
  usage: 'sign-up SERVER',
  does: 'puts the wallet on a sync server, where apps’ servers and your other devices reach it',
  async run(call) {
    const { terminal } = call
    const origin = readServer(call.words[0] ?? '')
    await alone(call, async (ports) => {
      const passphrase = await terminal.askSecret('Passphrase:')
      await signUpAt(ports, { origin, passphrase }, (kit) => {
        terminal.note('The kit of before opens nothing any more.')
        showKit(terminal, kit)
      })
      terminal.say(`The wallet is on ${origin}. Serve it with: valetkey agent serve`)
    })
  },
}

export const join: Command = {
  usage: 'join SERVER',
  does: 'makes this computer a device of your account there: asks for the kit and the passphrase',
  async run(call) {
    const { home, terminal } = call
    const origin = readServer(call.words[0] ?? '')
    await assertNoWallet(home)
    await alone(call, async (ports) => {
      const accountIdText = await terminal.ask('Account id, from the kit:')
      const secretKeyText = await terminal.askSecret('Secret Key (VK1-…):')
      const passphrase = await terminal.askSecret('Passphrase:')
      await joinAt(ports, origin, { accountIdText, secretKeyText, passphrase })
      terminal.say(`This computer is a device of your account at ${origin}.`)
      terminal.note('Check that the server showed the newest state: valetkey agent status')
    })
  },
}

export const leave: Command = {
  usage: 'leave',
  does: 'stops keeping the wallet in step; it stays as it is, and the account too',
  run: (call) =>
    alone(call, async (ports) => {
      await leaveServer(ports)
      call.terminal.say('The wallet is on this computer alone.')
      call.terminal.note('Remove this device on another one: its place in the account stays.')
    }),
}

export const status: Command = {
  usage: 'status',
  does: 'says how the wallet stands to its server (--same: another device shows the same code)',
  options: { same: { type: 'boolean' } },
  async run(call) {
    await withVault(call, async (vault) => {
      const { home, terminal, options } = call
      const { server, syncRecord } = createWalletParts(partsOf(call, vault))
      const chosen = await requireServer(server)
      if (options['same'] === true) await server.link.note({ isFreshnessKnown: true })
      const { syncedAt, problem } = await syncRecord.read()
      const { head, devices } = await home.sync.readState()
      const names = await readDeviceNames(vault)
      terminal.say(`Server    ${chosen.origin}`)
      terminal.say(`Account   ${vault.accountId}`)
      terminal.say(`In step   ${syncedAt === null ? 'not yet' : new Date(syncedAt).toISOString()}`)
      if (problem) terminal.say(`Problem   ${wordsFor(problem.code)} (${problem.code})`)
      const known = devices.devices.map(({ id }) => names.get(id as typeof vault.deviceId) ?? id)
      terminal.say(`Devices   ${known.join(', ')}`)
      if (head) terminal.say(`Code      ${headCode(head)}`)
      if (!chosen.isFreshnessKnown && options['same'] !== true) {
        terminal.note('Does another device show this code, under Devices? Then: status --same')
      }
    })
  },
}

export const sync: Command = {
  usage: 'sync',
  does: 'brings the wallet in step now; one that serves does so by itself',
  async run(call) {
    await alone(call, () =>
      withVault(call, async (vault) => {
        const { server } = createWalletParts(partsOf(call, vault))
        try {
          await requireServer(server)
          await server.deviceSync.now()
          call.terminal.say('In step.')
        } finally {
          // What failed would be tried again by a clock that keeps the process.
          await server.deviceSync.settle()
          server.stop()
        }
      }),
    )
  },
}

/** What a command needs of an open wallet: no call is made by it, and it holds no socket. */
export function partsOf(
  { home, forward, terminal }: Call,
  vault: Parameters<typeof createWalletParts>[0]['vault'],
): Parameters<typeof createWalletParts>[0] {
  const note = (line: string): void => {
    terminal.note(line)
  }
  return { home, vault, forward, note, serves: false, ask: () => Promise.resolve('deny') }
}

/** @throws AgentError */
export async function requireServer({ link }: WalletParts['server']) {
  const chosen = await link.chosen()
  if (!chosen) throw new AgentError('This wallet is on no server. See: valetkey agent sign-up')
  return chosen
}

/** What changes a wallet's server, or speaks for its device, does so while no other process does. */
async function alone(
  { home }: Call,
  act: (ports: Parameters<typeof joinAt>[0]) => Promise<void>,
): Promise<void> {
  const release = claimServing(home.folder)
  try {
    const memory = openServerMemory(home)
    await act({ home, link: openServerLink(home, memory), syncRecord: memory.record })
  } finally {
    release()
  }
}
