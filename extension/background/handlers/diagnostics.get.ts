import { isErrorCode, type Diagnostics } from '@valetkey/wallet/protocol'
import type { OpenVault } from '@valetkey/wallet/vault'
import { listApps } from '../apps.ts'
import { listKeys } from '../key-ring.ts'
import type { UiHandler, Wallet } from '../wallet.ts'

/** As many of the last calls as are counted. */
const CALLS = 200

/** Every field is named here: what is new in the vault does not get in by itself. */
export const diagnosticsGet: UiHandler<'diagnostics.get'> = async (wish, wallet) => {
  const state = await wallet.session.state()
  const known: Diagnostics = {
    ...{ format: 1, environment: await wallet.environment(), vault: state, contents: null },
    paused: await wallet.settings.isPaused(),
    updateWaits: wallet.updates.isWaiting(),
  }
  if (state !== 'unlocked') return known
  const vault = await wallet.session.required()
  const [keys, apps, calls] = await Promise.all([
    listKeys(vault, wallet.removals),
    listApps(vault, wallet),
    wallet.ledger.usage(CALLS),
  ])
  const isOn = (each: (typeof apps)[number]) => each.state !== 'off' && each.state !== 'paused'
  return {
    ...known,
    contents: {
      keys: keyCounts(keys.map(({ fields }) => fields)),
      apps: {
        on: apps.filter(isOn).length,
        paused: apps.filter(({ state: each }) => each === 'paused').length,
        off: apps.filter(({ state: each }) => each === 'off').length,
      },
      damaged: await damagedCount(vault),
      calls: counted(calls.map(({ provider, ending, status }) => ({ provider, ending, status }))),
      refusals: counted(refusalsOf(wallet)),
    },
    ...(wish.sites && { sites: apps.map(({ origin }) => origin) }),
    ...(wish.labels && { labels: keys.map(({ fields }) => fields.label) }),
  }
}

type Contents = NonNullable<Diagnostics['contents']>

function keyCounts(
  keys: readonly {
    readonly provider: Contents['keys'][number]['provider']
    readonly archived: boolean
  }[],
): Contents['keys'] {
  return [...new Set(keys.map(({ provider }) => provider))].map((provider) => {
    const of = keys.filter((key) => key.provider === provider)
    return { provider, count: of.length, archived: of.filter(({ archived }) => archived).length }
  })
}

function refusalsOf({ sites }: Wallet): { code: string }[] {
  return sites
    .lastRefusals()
    .filter(isErrorCode)
    .map((code) => ({ code }))
}

async function damagedCount(vault: OpenVault): Promise<number> {
  return (await vault.listKeys()).damaged.length
}

/** Like ones together, most often first. */
function counted<T extends object>(all: readonly T[]): (T & { count: number })[] {
  const found = new Map<string, T & { count: number }>()
  for (const one of all) {
    const name = JSON.stringify(one)
    found.set(name, { ...one, count: (found.get(name)?.count ?? 0) + 1 })
  }
  return [...found.values()].sort((a, b) => b.count - a.count)
}
