/** The ledger, and what is told of apps when it charged them. */
import { HABIT_DAYS, createLedger, type Ledger } from '@valetkey/wallet/metering'
import type { Clock, GrantId } from '@valetkey/wallet/protocol'
import { forward, providerTime } from '@valetkey/wallet/proxy'
import { providerById } from '@valetkey/wallet/providers'
import { createDexieLedgerStore } from '../adapters/dexie-ledger-store.ts'
import { showNotification } from '../adapters/notifications.ts'
import { createStoredValue } from '../adapters/stored-value.ts'
import { AppNotices, NO_NOTICES, noticeStateSchema, type DailySpend } from './app-notices.ts'
import type { Wallet } from './wallet.ts'

const DAY_MS = 86_400_000
/** How many of the newest calls are looked through. */
const CALLS_LOOKED_AT = 5_000

/** Calls that end this close together are told of once: no call waits for what is told of it. */
const TOGETHER_MS = 500

/** Opens the ledger, which tells of each grant it charged. */
export function openLedger(clock: Clock, onCharge: (grantId: GrantId) => void): Ledger {
  const ledger = createLedger({
    store: createDexieLedgerStore('valetkey-ledger'),
    clock,
    confirmTime: (id) => providerTime(providerById(id), forward),
  })
  const due = new Set<GrantId>()
  const tell = (grantId: GrantId): void => {
    if (due.has(grantId)) return
    due.add(grantId)
    setTimeout(() => {
      due.delete(grantId)
      onCharge(grantId)
    }, TOGETHER_MS)
  }
  return {
    ...ledger,
    async settle(reservation, outcome) {
      const row = await ledger.settle(reservation, outcome)
      if (row && row.costNanoUsd > 0) tell(row.grantId)
      return row
    },
  }
}

/** What is told of apps, on the icon and by the browser. */
export function createAppNotices({
  session,
  badge,
  announceChange,
  ...ports
}: Pick<Wallet, 'ledger' | 'session' | 'badge' | 'clock' | 'announceChange'>): AppNotices {
  return new AppNotices({
    ...ports,
    memory: createStoredValue('apps.notices', noticeStateSchema, NO_NOTICES),
    dailySpend: (grantId) => dailySpend(ports.ledger, grantId, ports.clock()),
    openVault: () => session.openForChore(),
    tell(note) {
      badge.call(note.title)
      void showNotification(note).catch(() => undefined)
      announceChange()
    },
  })
}

/** What an app spent on each of the last days, UTC. */
async function dailySpend(
  ledger: Pick<Ledger, 'usage'>,
  grantId: GrantId,
  nowMs: number,
): Promise<DailySpend> {
  const days = Array.from({ length: HABIT_DAYS + 1 }, () => 0)
  const today = Math.floor(nowMs / DAY_MS)
  for (const row of await ledger.usage(CALLS_LOOKED_AT)) {
    const ago = today - Math.floor(row.startedAt / DAY_MS)
    if (row.grantId !== grantId || ago < 0 || ago > HABIT_DAYS) continue
    days[ago] = (days[ago] ?? 0) + row.costNanoUsd
  }
  const [spentToday = 0, ...pastDays] = days
  return { today: spentToday, pastDays }
}
