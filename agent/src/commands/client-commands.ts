import { formatUsd } from '@valetkey/wallet/protocol'
import { grantState } from '@valetkey/wallet/grants'
import { createLedger } from '@valetkey/wallet/metering'
import { AgentError } from '../agent-error.ts'
import {
  assertClientName,
  changeClient,
  createClient,
  findClient,
  listClients,
} from '../clients.ts'
import { readPolicy } from '../policy.ts'
import { listKeys } from '../provider-keys.ts'
import { askTerms } from '../terms.ts'
import { withVault, type Call, type Command } from './command.ts'

export const allow: Command = {
  usage: 'allow CLIENT',
  does: 'lets a client in, under terms it asks you for; shows the client’s token once',
  async run(call) {
    const { home, terminal, words } = call
    const [name = ''] = words
    assertClientName(name)
    await withVault(call, async (vault) => {
      if (await findClient(vault, name)) throw new AgentError(`There is a client ${name} already.`)
      const terms = await askTerms(terminal, await listKeys(vault), { now: home.vault.clock() })
      const token = await createClient(vault, { name, terms }, home.vault)
      terminal.note(`The token of ${name}, in place of an API key. It is not shown again.`)
      terminal.say(token)
    })
  },
}

export const apply: Command = {
  usage: 'apply FILE',
  does: 'gives each client a policy file names the terms it says; shows the tokens of new ones',
  async run(call) {
    const { home, terminal, words } = call
    await withVault(call, async (vault) => {
      const keys = await listKeys(vault)
      // The whole file is read before the first grant is written.
      const policy = readPolicy(words[0] ?? '', keys, home.vault.clock())
      for (const [name, terms] of policy) {
        if (await findClient(vault, name)) {
          await changeClient(vault, name, { terms })
          terminal.note(`${name} has the terms of the file.`)
        } else {
          const token = await createClient(vault, { name, terms }, home.vault)
          terminal.note(`The token of ${name}. It is not shown again.`)
          terminal.say(`${name} ${token}`)
        }
      }
    })
  },
}

export const clients: Command = {
  usage: 'clients',
  does: 'lists the clients, what each may spend and has spent',
  async run(call) {
    await withVault(call, async (vault) => {
      const { clock } = call.home.vault
      const ledger = createLedger({ store: call.home.ledger, clock })
      for (const { name, grant } of await listClients(vault)) {
        const { budgets, providers, expiresAt } = grant.terms
        const used = await ledger.used(grant.id, budgets)
        const spent = budgets.map(({ usd, window }, index) => {
          return `$${formatUsd(used[index] ?? 0)} of $${usd} a ${window}`.replace(
            'a total',
            'in all',
          )
        })
        const names = providers.map(({ provider }) => provider).join(', ')
        const until = `until ${new Date(expiresAt).toISOString().slice(0, 10)}`
        const state = grantState(grant, clock())
        call.terminal.say([name, state, names, ...spent, until].join('  '))
      }
    })
  },
}

export const revoke: Command = {
  usage: 'revoke CLIENT',
  does: 'ends a client’s grant for good: its token opens nothing, its running calls stop',
  run: (call) => change(call, 'revoked'),
}

export const pause: Command = {
  usage: 'pause CLIENT',
  does: 'refuses a client’s calls until it is resumed',
  run: (call) => change(call, 'paused'),
}

export const resume: Command = {
  usage: 'resume CLIENT',
  does: 'serves a paused client again',
  run: (call) => change(call, 'active'),
}

async function change(call: Call, status: 'active' | 'paused' | 'revoked'): Promise<void> {
  const [name = ''] = call.words
  await withVault(call, (vault) => changeClient(vault, name, { status }))
  call.terminal.say(`${name} is ${status}.`)
}
