import { join } from 'node:path'
import { createValetKey } from '@valetkey/wallet/protocol/valet-key'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, withPage, type LaunchedBrowser } from '../support/browser.ts'
import type { ConformanceReport } from '../support/conformance/main.ts'
import {
  PAGE_HOST,
  startConformanceServer,
  type ConformanceServer,
} from '../support/conformance/server.ts'
import { EXTENSION_DIR } from './world.ts'

const LEAST_CASES = 150
const LEAST_SESSION_CASES = 100
const SDK_DIR = join(EXTENSION_DIR, '..', '..', 'sdk', 'dist')

describe('the primitives a page finds patched, beside the browser’s own in the same page', () => {
  let server: ConformanceServer
  let launched: LaunchedBrowser
  let report: ConformanceReport

  beforeAll(async () => {
    server = await startConformanceServer(
      join(EXTENSION_DIR, 'content-scripts', 'shim.js'),
      SDK_DIR,
    )
    const { hostMap } = server
    launched = await launchBrowser({ extensionDirs: [], hostMap, headless: true })
    const random = (sizeBytes: number) => crypto.getRandomValues(new Uint8Array(sizeBytes))
    const valetKey = createValetKey('sk-48', random)
    report = await withPage(launched.browser, `https://${PAGE_HOST}/`, async (page) => {
      await page.waitForFunction(() => document.title === 'Conformance ready')
      return page.evaluate((key) => window.runConformance(key), valetKey)
    })
  })

  afterAll(async () => {
    await launched.close()
    await server.close()
  })

  it('behave as the standards say: each difference is a choice that is written down', () => {
    const { results } = report
    const different = results.filter(({ verdict }) => verdict === 'different')

    expect(different).toEqual([])
    expect(results.length).toBeGreaterThanOrEqual(LEAST_CASES)
    expect(new Set(results.map(({ section, title }) => `${section} ${title}`)).size).toBe(
      results.length,
    )
  })

  it('are matched by the fetch of a session of the SDK, but for choices that are written down', () => {
    const { sessionResults } = report
    const different = sessionResults.filter(({ verdict }) => verdict === 'different')

    expect(different).toEqual([])
    expect(sessionResults.length).toBeGreaterThanOrEqual(LEAST_SESSION_CASES)
  })

  it('C47: hand the wallet what carries a valet key, and nothing else', () => {
    expect(report.starts).toBeGreaterThan(LEAST_CASES / 2)
    expect(report.strays).toBe(0)
    expect(report.errors).toEqual([])
  })
})
