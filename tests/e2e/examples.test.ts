import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {} from '../support/doc-examples/app/main.tsx'
import { PAGES, examplesOf } from '../support/doc-examples/read-examples.ts'
import { writeExampleApp } from '../support/doc-examples/write-example-app.ts'
import { serveBuilt } from '../support/template-app.ts'
import { APP, useWorld } from './world.ts'

const CACHE = join(import.meta.dirname, '..', '..', '.cache')
const PATH = '/examples/'
/** What the fake providers say, and what is left to be seen of an example that asks none. */
const SAYS = 'as the page promised'
const WITHOUT_A_CALL: Readonly<Record<string, RegExp>> = {
  element: /AI connected/,
  App: /Ask away/,
  button: /summarise your notes/,
  showsBox: /^false$/,
  session: /openai/,
  linked: /could not reach https:\/\/sync\.example/,
}
/** A whole app of its own: `first-app.test.ts` makes it. */
const FIRST = 'document.body.innerHTML'

const examples = PAGES.flatMap(examplesOf).filter(
  ({ code, isBefore }) => !isBefore && !code.includes(FIRST),
)

describe('the examples of the pages', () => {
  const world = useWorld('keys')
  let project = ''

  beforeAll(async () => {
    await mkdir(CACHE, { recursive: true })
    project = await mkdtemp(join(CACHE, 'example-app-'))
    await writeExampleApp(project, examples)
    await serveBuilt(world.apps, project, PATH)
  })
  afterAll(() => rm(project, { recursive: true, force: true }))

  it.each(examples.map(({ name }) => name))('%s does what it says', async (name) => {
    world.fakes.behave({ text: SAYS })
    const page = await world.driver.newPage(`${APP}${PATH}`)
    const { texts, initScripts } = await outcome(page, name)
    for (const [key, text] of Object.entries(texts)) {
      expect(text, key).toMatch(WITHOUT_A_CALL[key] ?? new RegExp(SAYS))
    }
    expect(Object.keys(texts).length + initScripts.length).toBeGreaterThan(0)
    for (const script of initScripts) {
      expect(await answerOfFake(script)).toMatch(/^Hi\.$|grant\.denied/)
    }
    await page.close()
  })

  /** Runs it, and allows whatever it asks the person for. */
  async function outcome(page: Page, name: string) {
    await page.waitForFunction('globalThis.startExample')
    await page.evaluate((named) => {
      globalThis.startExample(named)
    }, name)
    const ended = page.evaluate(() => globalThis.example)
    const over = ended.then(
      () => false,
      () => false,
    )
    while (await Promise.race([over, isAsked()])) await world.driver.answerConsent('allow')
    return ended
  }

  async function isAsked(): Promise<boolean> {
    const { browser } = world.driver
    const asked = browser.waitForTarget((target) => target.url().includes('/consent.html'))
    return asked.then(
      () => true,
      () => false,
    )
  }

  /** What an app's test sees, with the wallet that the example puts into its page. */
  async function answerOfFake(script: string): Promise<string> {
    const page = await world.driver.newPage('about:blank')
    await page.evaluateOnNewDocument(script)
    await page.goto(`${APP}${PATH}`)
    await page.waitForFunction('globalThis.askFake')
    const answer = await page.evaluate(() =>
      globalThis.askFake().catch((error: unknown) => (error as { code?: string }).code ?? 'failed'),
    )
    await page.close()
    return answer
  }
})
