/** The ledger, and what is told of apps when it charged them. */
import {
  HABIT_DAYS,
  createLedger,
  dayAfter,
  dayOf,
  type Ledger,
  type LimitPorts,
} from '@valetkey/wallet/metering'
import type { Clock, GrantId, NanoUsd } from '@valetkey/wallet/protocol'
import { forward, providerTime } from '@valetkey/wallet/proxy'
import { providerById } from '@valetkey/wallet/providers'
import { createDexieLedgerStore } from '../adapters/dexie-ledger-store.ts'
import { showNotification } from '../adapters/notifications.ts'
import { createStoredValue } from '../adapters/stored-value.ts'
import { AppNotices, NO_NOTICES, noticeStateSchema, type DailySpend } from './app-notices.ts'
import type { Wallet } from './wallet.ts'

/** Calls that end this close together are told of once: no call waits for what is told of it. */
const TOGETHER_MS = 500

/** Opens the ledger, which tells of each grant it charged. */
export function openLedger(
  { clock, limits }: { readonly clock: Clock; readonly limits: LimitPorts },
  onCharge: (grantId: GrantId) => void,
): Ledger {
  const ledger = createLedger({
    store: createDexieLedgerStore('valetkey-ledger'),
    clock,
    limits,
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
  ledger: Pick<Ledger, 'days'>,
  grantId: GrantId,
  nowMs: number,
): Promise<DailySpend> {
  const today = dayOf(nowMs)
  const spent = new Map<string, NanoUsd>()
  for (const sum of await ledger.days(dayAfter(today, -HABIT_DAYS), today)) {
    if (sum.grantId === grantId) spent.set(sum.day, (spent.get(sum.day) ?? 0) + sum.nanoUsd)
  }
  const spentToday = spent.get(today) ?? 0
  spent.delete(today)
  return { today: spentToday, pastDays: [...spent.values()] }
}
