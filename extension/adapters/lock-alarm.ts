import { browser } from './browser.ts'

export const LOCK_ALARM = 'lock'

/** The deadlines are checked before every use; the alarm locks a vault that nobody uses. */
export function setLockAlarm(): void {
  void browser.alarms.create(LOCK_ALARM, { periodInMinutes: 1 })
}
