// npm run build: the extension to .output/chrome-mv3, the SDK to sdk/dist, and the gzip size of every file
// a page or a start-up has to load.
import { readFileSync, readdirSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ROOT, SetupError, ensureInstalled, main, tool } from './toolchain.mjs'

export const EXTENSION_DIR = join(ROOT, '.output', 'chrome-mv3')
const SDK_DIR = join(ROOT, 'sdk', 'dist')

/** Builds the extension, for Chrome if nothing else is said; with `sizes` it prints what each file weighs. */
export async function buildExtension({ sizes = false, browser = 'chrome' } = {}) {
  const code = await tool('wxt', ['build', '--browser', browser, '--mv3'], { quiet: !sizes })
  if (code !== 0) throw new SetupError('The extension could not be built; the words above say why.')
  if (sizes) printSizes(EXTENSION_DIR)
}

/** Builds the SDK to `sdk/dist`; with `sizes` it prints what each file weighs. */
export async function buildSdk({ sizes = false } = {}) {
  const code = await tool('tsdown', ['--log-level', 'warn'], { quiet: !sizes, folder: 'sdk' })
  if (code !== 0) throw new SetupError('The SDK could not be built; the words above say why.')
  if (sizes) printSizes(SDK_DIR)
}

function printSizes(folder) {
  for (const file of filesIn(folder)) {
    if (!['.js', '.css', '.html'].includes(extname(file))) continue
    const kilobytes = gzipSync(readFileSync(file)).length / 1000
    console.log(`${kilobytes.toFixed(2).padStart(8)} kB gzip  ${relative(ROOT, file)}`)
  }
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : [path]
  })
}

if (process.argv[1]?.endsWith('build.mjs')) {
  await main(async () => {
    await ensureInstalled()
    await buildExtension({ sizes: true })
    await buildSdk({ sizes: true })
  })
}
