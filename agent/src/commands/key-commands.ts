import { PROVIDER_IDS, type ProviderId } from '@valetkey/wallet/protocol'
import { judgeBase } from '@valetkey/wallet/providers'
import { AgentError } from '../agent-error.ts'
import { addKey, findKey, listKeys } from '../provider-keys.ts'
import { textOption, withVault, type Command } from './command.ts'

export const add: Command = {
  usage: 'add [PROVIDER]',
  does: 'saves a provider key, which is typed and not shown (--label, --base-url)',
  options: { label: { type: 'string' }, 'base-url': { type: 'string' } },
  async run(call) {
    const { home, terminal, options, words } = call
    const provider = providerOf(words[0])
    const baseUrl = textOption(options, 'base-url') ?? null
    await withVault(call, async (vault) => {
      if (baseUrl !== null) await confirmPlace(baseUrl, terminal)
      const secret = await terminal.askSecret(baseUrl === null ? 'Key:' : 'Key (empty: none):')
      const label = textOption(options, 'label') ?? ''
      const added = await addKey(vault, { provider, baseUrl, label, secret }, home.vault)
      terminal.say(`Saved as ${added.label} (${added.provider}).`)
    })
  },
}

export const keys: Command = {
  usage: 'keys',
  does: 'lists the provider keys, without the secrets',
  async run(call) {
    await withVault(call, async (vault) => {
      for (const { id, fields } of await listKeys(vault)) {
        const { label, provider, baseUrl, archived, lastTest } = fields
        const facts = [archived ? 'put away' : '', lastTest?.outcome ?? '', baseUrl ?? '']
        call.terminal.say([id, provider, label, ...facts].filter(Boolean).join('  '))
      }
    })
  },
}

export const remove: Command = {
  usage: 'remove KEY',
  does: 'removes a provider key, by its id or its label',
  async run(call) {
    await withVault(call, async (vault) => {
      const { id, fields } = findKey(await listKeys(vault), call.words[0] ?? '')
      await vault.removeRecord(id)
      call.terminal.say(`${fields.label} is removed.`)
    })
  },
}

function providerOf(word: string | undefined): ProviderId | undefined {
  const found = PROVIDER_IDS.find((id) => id === word)
  // The word is not repeated: somebody may have typed the key there.
  if (word !== undefined && !found) {
    throw new AgentError(`That is no provider. Known are: ${PROVIDER_IDS.join(', ')}`)
  }
  return found
}

/** C27: nothing on the person's own network is reached without a word of theirs. */
async function confirmPlace(
  baseUrl: string,
  terminal: { ask(question: string): Promise<string>; note(line: string): void },
): Promise<void> {
  const judged = judgeBase(baseUrl)
  if (judged.outcome === 'refused' || judged.reach === 'public') return
  const answer = await terminal.ask(`${judged.place.origin} is on your own network. Use it? (y/N)`)
  if (!/^y(es)?$/i.test(answer)) throw new AgentError('Nothing was saved.')
}
