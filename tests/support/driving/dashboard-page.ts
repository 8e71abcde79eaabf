import { setTimeout as sleep } from 'node:timers/promises'
import type { Frame, Page } from 'puppeteer'
import { waitFor } from './screens.ts'

/** What the buttons of a dashboard are called. */
interface Words {
  /** Opens the form. */
  readonly create: string
  /** Sends the form. */
  readonly submit: string
  /** The form stands in a frame. */
  readonly inFrame?: boolean
}

const WORDS: Readonly<Record<string, Words>> = {
  'platform.openai.com': { create: 'Create new secret key', submit: 'Create secret key' },
  'platform.claude.com': { create: 'Create Key', submit: 'Add' },
  'aistudio.google.com': { create: 'Create API key', submit: 'Create key' },
  'console.groq.com': { create: 'Create API Key', submit: 'Submit', inFrame: true },
  'console.mistral.ai': { create: 'Create new key', submit: 'Create key' },
  'cloud.cerebras.ai': { create: 'Create new key', submit: 'Create key' },
}
const ADMIN: Words = { create: 'Create new admin key', submit: 'Create admin key' }

/** Nobody reads the form, types a name and sends it sooner. */
const PERSON_MS = 1_500

/** Makes a key on a dashboard as a person does. */
export async function makeKeyOn(page: Page, name: string): Promise<void> {
  const { hostname, pathname } = new URL(page.url())
  const words = pathname.includes('admin') ? ADMIN : WORDS[hostname]
  if (!words) throw new TypeError(`${hostname} is no dashboard that was built.`)
  await pressOn(page, words.create)
  const form = words.inFrame ? await frameOf(page) : page
  await form.locator('::-p-aria([name="Name"][role="textbox"])').fill(name)
  await sleep(PERSON_MS)
  await pressOn(form, words.submit)
}

/** Clicks a button of a page of the provider, in whichever shadow root it stands. */
export function pressOn(place: Page | Frame, name: string): Promise<void> {
  return place.locator(`::-p-aria([name="${name}"][role="button"])`).click()
}

function frameOf(page: Page): Promise<Frame> {
  return waitFor(page, 'frame of the dialog', async () => {
    const frame = page.frames().find((one) => one !== page.mainFrame())
    return (await frame?.$('input')) && frame ? frame : null
  })
}
