import type { GrantId, KeyId, ProviderId } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import { askFrom } from './extension-messages.ts'

/** What the calls that are made up are spread over. */
export interface UsageSeed {
  readonly count: number
  /** How many days back they lie, today among them. */
  readonly days: number
  readonly grantIds: readonly GrantId[]
  readonly keys: readonly {
    readonly keyId: KeyId
    readonly provider: ProviderId
    readonly models: readonly string[]
  }[]
}

const CHUNK = 20_000

/**
 * Gives a ledger as many calls as one wants, as settling them one by one would have left it: rows, sums of
 * days, and what the running periods have used.
 * @param page a window of the extension whose vault is open
 */
export async function seedUsage(page: Page, seed: UsageSeed): Promise<void> {
  // The extension makes its database when it is first asked for what is in it.
  await askFrom(page, 'usage.list', { limit: 1 })
  for (let at = 0; at < seed.count; at += CHUNK) {
    await page.evaluate(writeCalls, seed, at, Math.min(CHUNK, seed.count - at))
  }
}

/** Runs in the extension: calls `first` to `first + count`, which are the same in every run but for their ids. */
async function writeCalls(
  { count: all, days, grantIds, keys }: UsageSeed,
  first: number,
  count: number,
): Promise<void> {
  const DAY = 86_400_000
  interface Sum {
    calls: number
    nanoUsd: number
    estimatedNanoUsd: number
    readonly endings: Record<string, number>
    readonly tokens: Record<string, number>
  }
  const makeId = (): string =>
    btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .slice(0, 22)
  const opening = indexedDB.open('valetkey-ledger')
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onsuccess = () => {
      resolve(opening.result)
    }
    opening.onerror = () => {
      reject(opening.error ?? new Error('no database'))
    }
  })
  const tables = ['usage', 'days', 'spend', 'keySpend']
  const writing = database.transaction(tables, 'readwrite', { durability: 'relaxed' })
  const read = (table: string, key: string[]) =>
    new Promise<unknown>((resolve) => {
      const request: IDBRequest<unknown> = writing.objectStore(table).get(key)
      request.onsuccess = () => {
        resolve(request.result)
      }
    })
  const sums = new Map<string, Sum & { readonly key: string[] }>()
  const spent = new Map<
    string,
    { readonly table: string; readonly key: string[]; nanoUsd: number; calls: number }
  >()
  const now = Date.now()
  const today = Math.floor(now / DAY) * DAY
  for (let at = first; at < first + count; at++) {
    const grantId = grantIds[at % grantIds.length] ?? ''
    const key = keys[Math.floor(at / 3) % keys.length]
    if (!key) throw new Error('no key')
    const model = key.models[at % key.models.length] ?? ''
    // The last call is the newest one.
    const startedAt = Math.min(now, today - (days - 1) * DAY + Math.floor((at * days * DAY) / all))
    const ending = at % 41 === 0 ? 'refused' : at % 97 === 0 ? 'lost' : 'done'
    const input = 200 + ((at * 37) % 4000)
    const output = 50 + ((at * 91) % 900)
    const nanoUsd = ending === 'refused' ? 0 : (input * 150 + output * 600) * (1 + (at % 5))
    const costSource = { refused: 'none', lost: 'bound', done: 'usage' }[ending]
    const tokens = { input, cachedInput: 0, cacheWriteInput: 0, output, reasoning: 0 }
    writing.objectStore('usage').add({
      requestId: makeId(),
      ...{ grantId, keyId: key.keyId, provider: key.provider, model, capability: 'chat' },
      ...{ lane: 'proxy', startedAt, durationMs: 900, status: ending === 'refused' ? 429 : 200 },
      ...{ ending, tokens: ending === 'done' ? tokens : null, costNanoUsd: nanoUsd, costSource },
    })
    const day = new Date(startedAt).toISOString().slice(0, 10)
    const name = [day, grantId, key.keyId, key.provider, model]
    const sum = sums.get(name.join(' ')) ?? {
      ...{ key: name, calls: 0, nanoUsd: 0, estimatedNanoUsd: 0, endings: {} },
      tokens: { input: 0, cachedInput: 0, cacheWriteInput: 0, output: 0, reasoning: 0 },
    }
    sums.set(name.join(' '), sum)
    sum.calls++
    sum.nanoUsd += nanoUsd
    if (ending === 'lost') sum.estimatedNanoUsd += nanoUsd
    sum.endings[ending] = (sum.endings[ending] ?? 0) + 1
    if (ending === 'done') {
      sum.tokens['input'] = (sum.tokens['input'] ?? 0) + input
      sum.tokens['output'] = (sum.tokens['output'] ?? 0) + output
    }
    for (const period of [`day/${day}`, `month/${day.slice(0, 7)}`, 'total']) {
      for (const [table, id] of [
        ['spend', grantId],
        ['keySpend', key.keyId],
      ] as const) {
        const place = `${table} ${id} ${period}`
        const use = spent.get(place) ?? { table, key: [id, period], nanoUsd: 0, calls: 0 }
        spent.set(place, use)
        use.nanoUsd += nanoUsd
        use.calls++
      }
    }
  }
  for (const { key, ...sum } of sums.values()) {
    const before = (await read('days', key)) as Sum | undefined
    const [day, grantId, keyId, provider, model] = key
    const added = (ours: Record<string, number>, theirs: Record<string, number> = {}) => {
      for (const [member, value] of Object.entries(theirs)) {
        ours[member] = (ours[member] ?? 0) + value
      }
      return ours
    }
    writing.objectStore('days').put({
      ...{ day, grantId, keyId, provider, model },
      calls: sum.calls + (before?.calls ?? 0),
      endings: added(sum.endings, before?.endings),
      tokens: added(sum.tokens, before?.tokens),
      nanoUsd: sum.nanoUsd + (before?.nanoUsd ?? 0),
      estimatedNanoUsd: sum.estimatedNanoUsd + (before?.estimatedNanoUsd ?? 0),
    })
  }
  for (const { table, key, nanoUsd, calls } of spent.values()) {
    const before = await read(table, key)
    const [id, period] = key
    if (table === 'spend') {
      const use = (before as { use: { nanoUsd: number; calls: number } } | undefined)?.use
      const total = { nanoUsd: nanoUsd + (use?.nanoUsd ?? 0), calls: calls + (use?.calls ?? 0) }
      writing.objectStore(table).put({ grantId: id, period, use: { ...total, tokens: 0 } })
    } else {
      const use = before as { nanoUsd: number } | undefined
      const total = nanoUsd + (use?.nanoUsd ?? 0)
      writing.objectStore(table).put({ keyId: id, period, nanoUsd: total, lastUsedAt: now })
    }
  }
  await new Promise<void>((resolve, reject) => {
    writing.oncomplete = () => {
      resolve()
    }
    writing.onabort = () => {
      reject(writing.error ?? new Error('not written'))
    }
  })
  database.close()
}
