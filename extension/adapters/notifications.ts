import { browser } from './browser.ts'

const PERMISSION = { permissions: ['notifications' as const] }

/** Shows a notification of the browser, where the person allowed that; else nothing. */
export async function showNotification(note: {
  readonly id: string
  readonly title: string
  readonly text: string
}): Promise<void> {
  if (!(await browser.permissions.contains(PERMISSION))) return
  const { id, title, text } = note
  await browser.notifications.create(id, {
    ...{ type: 'basic', title, message: text },
    iconUrl: browser.runtime.getURL('icon/128.png'),
  })
}

/** Listens where notifications are allowed; run again when they come to be. */
export function onNotificationClick(listener: (id: string) => void): void {
  // The browser gives the API with the permission; the types know only the API.
  const api = browser.notifications as typeof browser.notifications | undefined
  if (!api || api.onClicked.hasListener(listener)) return
  api.onClicked.addListener(listener)
}
