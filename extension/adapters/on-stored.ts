import { browser } from './browser.ts'

/**
 * Calls a listener whenever the value under a name changed, whoever wrote it. Register while the worker
 * starts: what a lock, a pause or a revocation in another of our contexts wrote takes effect at once.
 */
export function onStored(area: 'local' | 'session', name: string, listener: () => void): void {
  browser.storage.onChanged.addListener((changes, changed) => {
    if (changed === area && name in changes) listener()
  })
}
