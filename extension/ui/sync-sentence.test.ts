import { describe, expect, it } from 'vitest'
import type { SyncStateView } from '@valetkey/wallet/protocol'
import { problemWords, syncNews, syncSentence } from './sync-sentence.ts'

const now = new Date(2026, 10, 21, 14, 30).getTime()
const at = new Date(2026, 10, 21, 14, 2).getTime()

function stateWith(part: Partial<SyncStateView>): SyncStateView {
  return {
    server: 'https://sync.example',
    accountId: 'account',
    isRunning: false,
    isLive: true,
    syncedAt: at,
    waitingCount: 0,
    problem: null,
    headCode: '1234',
    isFreshnessKnown: true,
    isSilent: false,
    recoveredAt: null,
    ...part,
  }
}

describe('syncSentence', () => {
  it.each([
    [{}, 'In step with your other devices. Last synced 14:02. Changes arrive within seconds.'],
    [
      { isLive: false },
      'In step with your other devices. Last synced 14:02. Changes arrive every few minutes.',
    ],
    [{ isRunning: true, waitingCount: 2 }, 'Syncing…'],
    [{ waitingCount: 1 }, '1 change not sent yet. Last synced 14:02.'],
    [{ waitingCount: 3, syncedAt: null }, '3 changes not sent yet. Not synced yet.'],
    [{ syncedAt: null }, 'Not synced yet.'],
    [{ problem: { code: 'provider.network', at } }, 'Last synced 14:02.'],
  ])('says of %j: %s', (part, sentence) => {
    expect(syncSentence(stateWith(part), now, false)).toBe(sentence)
  })

  it('does not speak of other devices where there are none', () => {
    expect(syncSentence(stateWith({ isLive: false }), now, true)).toBe(
      'Everything is at the server. No other device is in yet. Last synced 14:02.',
    )
  })
})

describe('syncNews', () => {
  it('is said aloud once the devices are in step, and not again at each look', () => {
    const inStep = 'In step with your other devices.'
    expect(syncNews(stateWith({}), false)).toBe(inStep)
    expect(syncNews(stateWith({ isRunning: true, syncedAt: at - 60_000 }), false)).toBe(inStep)
    expect(syncNews(stateWith({ waitingCount: 1 }), false)).toBe('')
    expect(syncNews(stateWith({}), true)).toMatch(/^Everything is at the server/)
    expect(syncNews(stateWith({ problem: { code: 'provider.network', at } }), false)).toBe('')
  })
})

describe('problemWords', () => {
  it('says since when a server is away, and that nothing is lost', () => {
    expect(problemWords({ code: 'provider.network', at }, now)).toEqual({
      tone: 'warn',
      message: 'The server has not been reached since 14:02.',
      action: 'ValetKey keeps trying. What you change stays here until then.',
    })
  })

  it.each([
    ['sync.rollback', 'stop', 'The server shows an older vault than this device has seen.'],
    ['auth.failed', 'stop', 'The server no longer lets this device in.'],
    ['vault.newer', 'warn', 'Another device uses a newer ValetKey.'],
    ['vault.quota', 'warn', 'There is no room left to save this.'],
  ])('says of %s: %s, %s', (code, tone, message) => {
    expect(problemWords({ code, at }, now)).toMatchObject({ tone, message })
  })

  it('takes a code of a newer version for one it does not know', () => {
    expect(problemWords({ code: 'sync.of_tomorrow', at }, now)).toEqual(
      problemWords({ code: 'internal', at }, now),
    )
  })
})
