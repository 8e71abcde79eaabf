/** `ui/popup-open`: from navigation to the first paint with content, beside a React page of one line. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { withPage } from '../support/browser.ts'
import type { BenchBrowser } from './bench-browser.ts'
import { buildScript } from './build-script.ts'
import { rowOfPairs, type BenchRow } from './row.ts'

const WARM_UPS = 4
const ONE_LINE = `
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
createRoot(document.getElementById('root')).render(createElement('p', null, 'One line of text.'))
`

export async function measurePopup(browser: BenchBrowser, pairs: number): Promise<BenchRow> {
  const { browser: chromium, extensionId } = browser.driver
  const folder = await buildOneLine()
  const lineId = await chromium.installExtension(folder)
  const pages = {
    ours: `chrome-extension://${extensionId}/popup.html`,
    reference: `chrome-extension://${lineId}/line.html`,
  }
  const ours: number[] = []
  const reference: number[] = []
  await withPage(chromium, 'about:blank', async (page) => {
    for (let pair = -WARM_UPS; pair < pairs; pair++) {
      const [popup, line] = [
        await firstPaint(page, pages.ours),
        await firstPaint(page, pages.reference),
      ]
      if (pair < 0) continue
      ours.push(popup)
      reference.push(line)
    }
  })
  await rm(folder, { recursive: true })
  return rowOfPairs(
    { name: 'ui/popup-open', referenceName: 'a React page of one line', unit: 'ms' },
    { ours, reference },
    { kind: 'below', limit: 150 },
  )
}

/** Milliseconds from the start of the navigation. */
async function firstPaint(page: Page, url: string): Promise<number> {
  await page.goto(url)
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const [paint] = list.getEntriesByName('first-contentful-paint')
          if (paint) resolve(paint.startTime)
        }).observe({ type: 'paint', buffered: true })
      }),
  )
}

/** An extension with nothing in it but React and a line of text: the least such a page can take. */
async function buildOneLine(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-one-line-'))
  await buildScript({ folder, name: 'line.js' }, ONE_LINE, 'es')
  const manifest = { manifest_version: 3, name: 'One line', version: '1' }
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
  await writeFile(
    join(folder, 'line.html'),
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>One line</title>' +
      '<script type="module" src="/line.js"></script><div id="root"></div></html>',
  )
  return folder
}
