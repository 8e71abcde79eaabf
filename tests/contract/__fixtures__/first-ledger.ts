/**
 * The ledger as version 0.1.0 wrote it (database version 1), member by member and not by our own code: what
 * reads it must go on reading exactly this.
 */
import Dexie from 'dexie'

const grantId = 'AAAAAAAAAAAAAAAAAAAAAA'
const keyId = 'BAAAAAAAAAAAAAAAAAAAAA'

const about = {
  ...{ grantId, keyId, provider: 'openai', model: 'gpt-5-mini', capability: 'chat', lane: 'proxy' },
  durationMs: 1200,
  status: 200,
}

export const FIRST_LEDGER = {
  rows: [
    {
      ...about,
      requestId: 'CAAAAAAAAAAAAAAAAAAAAA',
      startedAt: 1_795_176_000_000,
      ending: 'done',
      tokens: { input: 20, cachedInput: 5, cacheWriteInput: 0, output: 10, reasoning: 4 },
      costNanoUsd: 400,
      costSource: 'usage',
    },
    {
      ...about,
      requestId: 'DAAAAAAAAAAAAAAAAAAAAA',
      startedAt: 1_795_262_400_000,
      ending: 'lost',
      tokens: null,
      costNanoUsd: 1000,
      costSource: 'bound',
    },
    {
      ...about,
      requestId: 'EAAAAAAAAAAAAAAAAAAAAA',
      startedAt: 1_795_262_400_001,
      ending: 'done',
      tokens: { input: 1, cachedInput: 0, cacheWriteInput: 0, output: 2, reasoning: 0 },
      costNanoUsd: 30,
      costSource: 'floor',
    },
  ],
  reservations: [
    {
      ...{ requestId: 'FAAAAAAAAAAAAAAAAAAAAA', grantId, keyId, provider: 'openai' },
      ...{ model: null, capability: 'chat', lane: 'proxy', startedAt: 1_795_262_400_002 },
      ...{ boundNanoUsd: 70, boundTokens: 9, media: false, periods: ['total'] },
    },
  ],
  spend: { grantId, period: 'total', use: { nanoUsd: 1500, calls: 4, tokens: 97 } },
  keySpend: { keyId, period: 'total', nanoUsd: 1430 },
  clock: { lastProviderDate: 1_795_262_300_000, lastPeriodTime: 1_795_262_400_000 },
  sums: [
    {
      ...{ day: '2026-11-20', grantId, keyId, provider: 'openai', model: 'gpt-5-mini' },
      ...{ calls: 1, endings: { done: 1 } },
      tokens: { input: 20, cachedInput: 5, cacheWriteInput: 0, output: 10, reasoning: 4 },
      ...{ nanoUsd: 400, estimatedNanoUsd: 0 },
    },
    {
      ...{ day: '2026-11-21', grantId, keyId, provider: 'openai', model: 'gpt-5-mini' },
      ...{ calls: 2, endings: { lost: 1, done: 1 } },
      tokens: { input: 1, cachedInput: 0, cacheWriteInput: 0, output: 2, reasoning: 0 },
      ...{ nanoUsd: 1030, estimatedNanoUsd: 1030 },
    },
  ],
} as const

/** Writes that ledger into a database of that name. */
export async function writeFirstLedger(
  name: string,
  moreRows: readonly object[] = [],
): Promise<void> {
  const database = new Dexie(name)
  database.version(1).stores({
    reservations: 'requestId',
    usage: 'requestId, startedAt, [grantId+startedAt], keyId',
    spend: '[grantId+period]',
    keySpend: '[keyId+period]',
    clock: '',
  })
  await database.open()
  await database.table('usage').bulkAdd([...FIRST_LEDGER.rows, ...moreRows])
  await database.table('reservations').bulkAdd([...FIRST_LEDGER.reservations])
  await database.table('spend').add(FIRST_LEDGER.spend)
  await database.table('keySpend').add(FIRST_LEDGER.keySpend)
  await database.table<unknown, string>('clock').add(FIRST_LEDGER.clock, 'clock')
  database.close()
}
