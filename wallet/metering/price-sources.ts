/** Where the prices of a provider stand, and what is reckoned with where they stand nowhere. */
import type { ProviderId } from '../protocol/index.ts'
import type { TokenPrice } from './price-table.ts'

/** The table's own name of a provider; null: it has none of its prices. */
const TABLE_IDS: Readonly<Partial<Record<ProviderId, string | null>>> = {
  xai: 'x-ai',
  moonshot: 'moonshotai',
  zhipu: 'zai',
  voyage: 'voyageai',
  huggingface: null,
  replicate: null,
  elevenlabs: null,
  deepgram: null,
  fal: null,
  stability: null,
  // Its models go by the account's own names, which may be those of dearer ones.
  'azure-openai': null,
  ollama: null,
  lmstudio: null,
  custom: null,
  sambanova: null,
  nvidia: null,
  alibaba: null,
  jina: null,
}

export function tableId(provider: ProviderId): string | null {
  // Stated, never searched: the table's own search takes one provider's name for another's.
  const stated = TABLE_IDS[provider]
  return stated === undefined ? provider : stated
}

const DEAR_INPUT = 15_000_000
const DEAR_OUTPUT = 75_000_000

/**
 * Reckoned with for every model of a provider without a table (C70): 15 $ and 75 $ for a million tokens,
 * above what open models are sold for. It is an estimate that is rather too high.
 */
export const UNLISTED_PRICE: TokenPrice = {
  input: DEAR_INPUT,
  cachedInput: DEAR_INPUT,
  cacheWriteInput: DEAR_INPUT,
  cacheWriteLongInput: DEAR_INPUT,
  output: DEAR_OUTPUT,
}
