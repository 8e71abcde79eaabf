import { DEVICE_WORDS } from './messages/devices.ts'
import { ERROR_TABLE, isErrorCode, type SyncStateView } from '@valetkey/wallet/protocol'
import { momentForPeople } from './time-left.ts'

/** A sentence of what is wrong, and one of what to do. */
export interface SyncProblemWords {
  readonly tone: 'warn' | 'stop'
  readonly message: string
  readonly action: string
}

type Problem = NonNullable<SyncStateView['problem']>

/** Codes of a server that is not there just now: nothing a person has to see to. */
const OFFLINE: readonly string[] = ['provider.network', 'provider.unavailable']

/** What keeps this device from being in step, in words. */
export function problemWords({ code, at }: Problem, now: number): SyncProblemWords {
  const words = DEVICE_WORDS.problems
  if (OFFLINE.includes(code)) {
    const message = words.offline.message(momentForPeople(at, now))
    return { tone: 'warn', message, action: words.offline.action }
  }
  switch (code) {
    case 'sync.rollback':
      return { tone: 'stop', message: words.rollback.message, action: words.rollback.action }
    case 'auth.failed':
    case 'auth.forbidden':
      return { tone: 'stop', ...words.out }
    case 'vault.newer':
      return { tone: 'warn', ...words.newer }
    case 'sync.conflict':
      return { tone: 'warn', ...words.conflict }
    default: {
      const { message, action } = ERROR_TABLE[isErrorCode(code) ? code : 'internal']
      return { tone: 'warn', message, action }
    }
  }
}

/**
 * How far this device is in step, in a sentence or two.
 * @param isAlone no other device is in the account
 */
export function syncSentence(state: SyncStateView, now: number, isAlone: boolean): string {
  const words = DEVICE_WORDS.state
  if (state.isRunning) return words.running
  const { waitingCount, syncedAt, problem } = state
  const last = syncedAt === null ? words.never : words.last(momentForPeople(syncedAt, now))
  if (waitingCount > 0) return `${words.waiting(waitingCount)} ${last}`
  if (problem !== null || syncedAt === null) return last
  if (isAlone) return `${words.alone} ${last}`
  return `${words.inStep} ${last} ${state.isLive ? words.live : words.notLive}`
}

/** What of it is worth saying aloud: each minute and each run would be chatter; what is wrong says so itself. */
export function syncNews(
  { waitingCount, syncedAt, problem }: SyncStateView,
  isAlone: boolean,
): string {
  if (waitingCount > 0 || problem !== null || syncedAt === null) return ''
  return isAlone ? DEVICE_WORDS.state.alone : DEVICE_WORDS.state.inStep
}
