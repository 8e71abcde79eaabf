import type { KeyTest } from '../../protocol/index.ts'

/**
 * Where nothing free asks for a key: an empty request, refused for its emptiness by whoever took the key.
 */
export function judgeByEmptyRequest(status: number): KeyTest['outcome'] {
  if (status === 400 || status === 422) return 'works'
  // There the key itself is what is forbidden.
  return status === 403 ? 'refused' : judgeByStatus(status)
}

/** What the status of a key check says where the provider has no traps. */
export function judgeByStatus(status: number): KeyTest['outcome'] {
  if (status >= 200 && status < 300) return 'works'
  if (status === 401) return 'refused'
  // The key is known, but its account, rights or quota do not let it list models just now.
  if (status === 402 || status === 403 || status === 429) return 'limited'
  return 'unreachable'
}
