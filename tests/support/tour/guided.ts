/* eslint-disable no-console -- a command line prints */
import { setTimeout as sleep } from 'node:timers/promises'
import type { LaunchedBrowser } from '../browser.ts'
import { createExtensionMessages } from '../driving/extension-messages.ts'
import type { TourSetup } from './tour-setup.ts'

const POLL_MS = 1000

/** Opens the first-run tab and the demo app, and says the next step whenever one is done. */
export async function guidePerson(launched: LaunchedBrowser, setup: TourSetup): Promise<void> {
  const { browser } = launched
  const [extensionId = ''] = launched.extensionIds
  const { ask } = createExtensionMessages(browser, extensionId)
  const app = await browser.newPage()
  await app.goto(setup.origin)
  await (await browser.newPage()).goto(setup.connecting.url)
  const first = await browser.newPage()
  await first.goto(`chrome-extension://${extensionId}/welcome.html`)
  console.log(
    '\nA browser is open, with ValetKey and two demo apps. The providers are stand-ins on this machine.',
  )

  const steps: [string, () => Promise<boolean>][] = [
    [
      'In the ValetKey tab: choose a passphrase and create your vault.',
      async () => (await ask('status.get', {})).vault === 'unlocked',
    ],
    [
      `Add an OpenAI key. This one works here and nowhere else:\n\n     ${setup.key}\n`,
      async () => (await ask('key.list', {})).keys.length > 0,
    ],
    [
      `Go to the tab ${setup.origin}, click the ValetKey icon (the puzzle piece, then ValetKey) and switch on “Use ValetKey on this site”. Allow it in the window that opens.`,
      async () => (await ask('site.get', { origin: setup.origin })).state === 'on',
    ],
    [
      'Copy the valet key from the popup, paste it into the app’s key box, and ask the app something.',
      async () => (await ask('usage.list', { limit: 1 })).rows.length > 0,
    ],
    [
      `Go to the tab ${setup.connecting.url}: this app asks by itself. Press “Connect AI”, allow it, and ask it something.`,
      async () => (await ask('usage.list', { limit: 2 })).rows.length > 1,
    ],
    [
      `A server of your own runs at ${setup.server}: open the dashboard from the popup, go to Devices, press “Set up sync” and give that address.`,
      async () => (await ask('sync.get', {})).server !== null,
    ],
  ]
  for (const [index, [text, isDone]] of steps.entries()) {
    console.log(`\n${String(index + 1)}. ${text}`)
    // Looked at while nobody else needs the popup: a locked vault answers no.
    while (browser.connected && !(await isDone().catch(() => false))) await sleep(POLL_MS)
    if (!browser.connected) return
    console.log('   Done.')
  }
  console.log(
    '\nThat is it: both apps got their answers and never had your key. Open the popup to see what',
  )
  console.log('each spent. Close the browser to end.')
  while (browser.connected) await sleep(POLL_MS)
}
