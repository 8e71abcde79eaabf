/** A page of an app that links wallets by the SDK, as it is built. */
import type { Page } from 'puppeteer'
import type * as Link from 'valetkey/link'
import type { AppServer } from '../app-server.ts'
import type { Driver } from '../driver.ts'

declare global {
  var link: typeof Link
  var linkOutcome: Promise<string>
}

const LINK_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Link</title>
<script type="importmap">{"imports":{"valetkey":"/valetkey/index.js"}}</script>
<script type="module">import * as link from "/valetkey/link/index.js"; window.link = link</script></html>`

interface Asked {
  readonly token: string
  /** Where the token is good. */
  readonly server: string
  /** The site of the page. */
  readonly site: string
}

/** The app's page asks, as from a click. */
export async function openLinkPage(
  { apps, driver }: { readonly apps: AppServer; readonly driver: Driver },
  { token, server, site }: Asked,
): Promise<Page> {
  apps.serve('/link', { body: LINK_PAGE })
  const page = await driver.newPage(`${site}/link`)
  await page.waitForFunction('window.link')
  await page.evaluate(
    (linkToken, at) => {
      globalThis.linkOutcome = new Promise((resolve) => {
        globalThis.link.ValetKey.create({
          token: linkToken,
          server: at,
          onSuccess: resolve,
          onExit: (error) => {
            resolve(`exit ${String(error?.code)}`)
          },
        }).open()
      })
    },
    token,
    server,
  )
  return page
}

/** @returns the public token, or `exit` with a code */
export function outcomeOf(page: Page): Promise<string> {
  return page.evaluate(() => globalThis.linkOutcome)
}
