import { costOf } from '../metering/index.ts'
import { isJsonObject, parseJson, type NanoUsd, type TokenUsage } from '../protocol/index.ts'
import { providerById } from '../providers/index.ts'
import type { InjectRule } from './inject-rules.ts'

/** Bytes of text a token has on average; an estimate that is shown as one. */
const BYTES_PER_TOKEN = 4

/** What is known of a request in compatibility mode: its own text. Never its answer. */
export interface InjectedEstimate {
  readonly model: string | null
  readonly tokens: TokenUsage | null
  readonly costNanoUsd: NanoUsd
}

/** @param bodyText null where the browser does not show it (blobs, streams) */
export function estimateInjected(
  { provider: id, endpoint }: Pick<InjectRule, 'provider' | 'endpoint'>,
  seen: { readonly url: URL; readonly bodyText: string | null; readonly at: number },
): InjectedEstimate {
  const body = parseJson(seen.bodyText ?? '')
  const nothing = { model: null, tokens: null, costNanoUsd: 0 }
  try {
    const provider = providerById(id)
    const facts = provider.readFacts(endpoint, seen.url, isJsonObject(body) ? body : null)
    const { capability } = endpoint
    if (capability === 'models' || capability === 'tokens') return nothing
    const input = Math.ceil(facts.input.textBytes / BYTES_PER_TOKEN)
    const tokens = { input, cachedInput: 0, cacheWriteInput: 0, output: 0, reasoning: 0 }
    const priced = { provider: id, model: facts.model, at: seen.at }
    return { model: facts.model, tokens, costNanoUsd: costOf(priced, tokens, false) }
  } catch {
    // A request the provider itself will refuse, or one whose body is not shown: counted all the same.
    return nothing
  }
}
