import { createId, type GrantId, type KeyId } from '../../protocol/index.ts'
import { createSeededRandom } from '../../testing/index.ts'
import type { UsageDay } from '../usage-day.ts'

const random = createSeededRandom('usage days')
export const [chat, quill, notes] = ['chat', 'quill', 'notes'].map(() =>
  createId<GrantId>(random),
) as [GrantId, GrantId, GrantId]
const keyId = createId<KeyId>(random)

const HOSTS = new Map<string, string>([
  [chat, 'chat.example.test'],
  [quill, 'quill.example.test'],
])
/** `notes` is an app no longer known. */
export const appOf = (grantId: string): string | null => HOSTS.get(grantId) ?? null

/** The sum of a day of one call that cost `nanoUsd`. */
export function makeDay(day: string, nanoUsd: number, members: Partial<UsageDay> = {}): UsageDay {
  return {
    ...{ day, grantId: chat, keyId, provider: 'openai', model: 'gpt-5-mini' },
    ...{ calls: 1, endings: { done: 1 } },
    tokens: { input: 20, cachedInput: 5, cacheWriteInput: 1, output: 10, reasoning: 4 },
    ...{ nanoUsd, estimatedNanoUsd: 0 },
    ...members,
  }
}
