/** Apps whose servers call with this wallet's keys, by its sync server. */
import { PLAIN_BUDGET_USD, proposeTerms } from '@valetkey/wallet/grants'
import { claimCode, wishOfDetails, type OAuthWish } from '@valetkey/wallet/linked'
import {
  createId,
  formatUsd,
  type ConnectRequest,
  type LinkedApp,
  type Terms,
} from '@valetkey/wallet/protocol'
import { offers } from '@valetkey/wallet/providers'
import { fetchAppKeys } from '@valetkey/wallet/sync'
import type { OpenVault } from '@valetkey/wallet/vault'
import { fetchServer } from '../adapters/fetch-server.ts'
import { AgentError } from '../agent-error.ts'
import { askTerms } from '../terms.ts'
import { createWalletParts, usableKeys, type WalletParts } from '../wallet-parts.ts'
import { withVault, type Call, type Command } from './command.ts'
import { partsOf, requireServer } from './server-commands.ts'

export const connect: Command = {
  usage: 'connect CODE',
  does: 'lets the program that shows this code call with your keys, under terms it asks you for',
  run: (call) =>
    withServer(call, async (vault, { server }) => {
      const { terminal, home } = call
      const device = await server.link.device(vault)
      if (!device) throw new AgentError('This wallet is on no server.')
      const readAppKeys = (origin: string) =>
        fetchAppKeys(origin, { fetch: fetchServer, clock: home.vault.clock })
      const wish = await claimCode(call.words[0] ?? '', device, readAppKeys)
      const terms = await askAbout(wish, vault, call).catch(async (error: unknown) => {
        // The program would wait for ten minutes more.
        await device.client.denyAuthorization(wish.requestId).catch(() => undefined)
        throw error
      })
      if (terms === null) {
        await device.client.denyAuthorization(wish.requestId)
        terminal.say('Nothing was allowed.')
        return
      }
      const id = createId(home.vault.random)
      await server.linkedApps.allow(vault, { id, origin: device.origin, link: wish }, terms)
      terminal.say(`${wish.details.client.name} may call. Serve it with: valetkey agent serve`)
    }),
}

/** @returns null for a no */
async function askAbout(
  { details, server }: OAuthWish,
  vault: OpenVault,
  { terminal, home }: Call,
): Promise<Terms | null> {
  const { client, fromAddress } = details
  const from = fromAddress === null ? '' : ` from the address ${fromAddress}`
  const request = wishOfDetails(details.details)
  terminal.note(`A program that calls itself “${client.name}” asks${from} by this code.`)
  if (client.origin) terminal.note(`It says that it belongs to ${client.origin}: nobody checked.`)
  terminal.note(`It wants: ${wishWords(request)}. It calls through ${server}.`)
  terminal.note('If somebody sent you the code, say no: they would use your AI.')
  if (!isYes(await terminal.ask('Allow it? (y/N)'))) return null
  const canSeal = client.publicKeys.length > 0
  if (!canSeal) {
    terminal.note(`It cannot seal its calls: ${server} can read what is asked and answered,`)
    terminal.note('and could make calls in its name. Give it a small budget.')
    if (!isYes(await terminal.ask('Allow that? (y/N)'))) return null
  }
  const now = home.vault.clock()
  const terms = await askTerms(terminal, await usableKeys(vault), {
    now,
    propose: (keys) => proposeTerms({ request, now, keys, can: offers, standing: null }),
    ...(!canSeal && { usualUsd: PLAIN_BUDGET_USD }),
  })
  if (terms.providers.length === 0) {
    throw new AgentError('None of these keys is for what it asks. See: valetkey agent add')
  }
  return { ...terms, sealed: canSeal ? 'required' : 'plain' }
}

function wishWords({ capabilities, providers, models, budget }: ConnectRequest): string {
  return [
    capabilities.join(', '),
    providers ? `of ${providers.join(', ')}` : 'of any provider',
    ...(models ? [`models ${models.join(', ')}`] : []),
    ...(budget ? [`$${budget.usd} a ${budget.window}`] : []),
  ].join('; ')
}

function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer)
}

export const apps: Command = {
  usage: 'apps',
  does: 'lists the apps whose servers may call, what each may spend and has spent',
  run: (call) =>
    withServer(call, async (vault, { server }) => {
      for (const app of await server.linkedApps.list(vault)) call.terminal.say(lineOf(app))
    }),
}

function lineOf({ grantId, name, origin, status, terms, usedNanoUsd }: LinkedApp): string {
  const spent = terms.budgets.map(
    ({ usd, window }, index) => `$${formatUsd(usedNanoUsd[index] ?? 0)} of $${usd} a ${window}`,
  )
  const sealed = terms.sealed === 'plain' ? 'the server can read its calls' : 'sealed'
  const until = `until ${new Date(terms.expiresAt).toISOString().slice(0, 10)}`
  return [grantId, name, origin ?? 'by code', status, sealed, ...spent, until].join('  ')
}

export const pauseApp: Command = {
  usage: 'pause-app APP',
  does: 'refuses the calls of an app’s server until it is resumed',
  run: (call) => setPaused(call, true),
}

export const resumeApp: Command = {
  usage: 'resume-app APP',
  does: 'serves a paused app again',
  run: (call) => setPaused(call, false),
}

function setPaused(call: Call, isPaused: boolean): Promise<void> {
  return withServer(call, async (vault, parts) => {
    const { name, grantId } = await findApp(vault, parts, call.words[0] ?? '')
    await parts.server.linkedApps.setPaused(vault, grantId, isPaused)
    call.terminal.say(`${name} is ${isPaused ? 'paused' : 'active'}.`)
  })
}

export const disconnect: Command = {
  usage: 'disconnect APP',
  does: 'ends what an app’s server may do, for good: its running calls stop',
  run: (call) =>
    withServer(call, async (vault, parts) => {
      const { name, grantId } = await findApp(vault, parts, call.words[0] ?? '')
      await parts.server.linkedApps.revoke(vault, grantId)
      call.terminal.say(`${name} is revoked.`)
    }),
}

/** By its id, or by its name where one app has it. @throws AgentError */
async function findApp(
  vault: OpenVault,
  { server }: WalletParts,
  word: string,
): Promise<LinkedApp> {
  const listed = await server.linkedApps.list(vault)
  const named = listed.filter(({ grantId, name }) => grantId === word || name === word)
  const [found] = named
  if (!found) throw new AgentError('There is no such app. See: valetkey agent apps')
  if (named.length > 1) throw new AgentError('Several apps have this name: use the id.')
  return found
}

function withServer(
  call: Call,
  act: (vault: OpenVault, parts: WalletParts) => Promise<void>,
): Promise<void> {
  return withVault(call, async (vault) => {
    const parts = createWalletParts(partsOf(call, vault))
    try {
      await requireServer(parts.server)
      await act(vault, parts)
    } finally {
      parts.server.stop()
    }
  })
}
