import type { KeyTest } from '../../protocol/index.ts'

/** What the status of a key check says where the provider has no traps. */
export function judgeByStatus(status: number): KeyTest['outcome'] {
  if (status >= 200 && status < 300) return 'works'
  if (status === 401) return 'refused'
  // The key is known, but its account, rights or quota do not let it list models just now.
  if (status === 402 || status === 403 || status === 429) return 'limited'
  return 'unreachable'
}
