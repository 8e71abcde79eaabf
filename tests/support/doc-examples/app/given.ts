/** What the examples of the pages take as given. */
import type { Session } from 'valetkey'

/** Set before an example runs. */
export let session: Session

export function give(connected: Session): void {
  session = connected
}

/** Scripts an example would have put into the pages of its tests. */
export const initScripts: string[] = []

/** What of Playwright's page the examples use. */
export const page = {
  addInitScript(script: string): Promise<void> {
    initScripts.push(script)
    return Promise.resolve()
  },
}

/** From an app's server. */
export const linkToken = 'vk_link'
