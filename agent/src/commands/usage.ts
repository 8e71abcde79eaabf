import { createLedger, dayAfter, dayOf } from '@valetkey/wallet/metering'
import { formatUsd } from '@valetkey/wallet/protocol'
import type { OpenVault } from '@valetkey/wallet/vault'
import { AgentError } from '../agent-error.ts'
import { listClients } from '../clients.ts'
import { textOption, withVault, type Command } from './command.ts'

const USUAL_DAYS = 30
const LONGEST_DAYS = 366

/** What one client spent on one model. */
interface Line {
  readonly client: string
  readonly provider: string
  readonly model: string
  calls: number
  tokens: number
  nanoUsd: number
}

export const usage: Command = {
  usage: 'usage [NAME]',
  does: 'shows calls, tokens and cost by client or app, and model (--days 30, --json)',
  options: { days: { type: 'string' }, json: { type: 'boolean' } },
  async run(call) {
    const { home, options, terminal, words } = call
    const days = daysOf(textOption(options, 'days'))
    const names = await withVault(call, readNames)
    const { clock } = home.vault
    const today = dayOf(clock())
    const ledger = createLedger({ store: home.ledger, clock })
    const lines = new Map<string, Line>()
    for (const day of await ledger.days(dayAfter(today, 1 - days), today)) {
      const client = names.get(day.grantId) ?? 'removed'
      if (words[0] !== undefined && words[0] !== client) continue
      const { provider, model, calls, nanoUsd } = day
      const key = JSON.stringify([client, provider, model])
      const line = lines.get(key) ?? { client, provider, model, calls: 0, tokens: 0, nanoUsd: 0 }
      const { input, cachedInput, cacheWriteInput, output } = day.tokens
      line.calls += calls
      line.tokens += input + cachedInput + cacheWriteInput + output
      line.nanoUsd += nanoUsd
      lines.set(key, line)
    }
    for (const line of [...lines.values()].sort((a, b) => b.nanoUsd - a.nanoUsd)) {
      terminal.say(options['json'] === true ? toJson(line) : toText(line))
    }
    if (lines.size === 0) terminal.note('Nothing was called.')
  },
}

/** Of every client, and of every app whose server calls. */
async function readNames(vault: OpenVault): Promise<ReadonlyMap<string, string>> {
  const { records } = await vault.listRecords('grant')
  const apps = records.map(({ id, fields }): [string, string] => [
    id,
    fields.relay?.name ?? 'removed',
  ])
  const clients = (await listClients(vault)).map(({ name, grant }): [string, string] => [
    grant.id,
    name,
  ])
  return new Map([...apps, ...clients])
}

function toJson({ nanoUsd, ...line }: Line): string {
  return JSON.stringify({ ...line, usd: formatUsd(nanoUsd) })
}

function toText({ client, provider, model, calls, tokens, nanoUsd }: Line): string {
  const amounts = [`${calls} calls`, `${tokens} tokens`, `$${formatUsd(nanoUsd)}`]
  return [client, provider, model, ...amounts].filter(Boolean).join('  ')
}

function daysOf(text: string | undefined): number {
  const days = Number(text ?? USUAL_DAYS)
  if (!Number.isInteger(days) || days < 1 || days > LONGEST_DAYS) {
    throw new AgentError(`Days are a number from 1 to ${LONGEST_DAYS}.`)
  }
  return days
}
