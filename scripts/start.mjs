// npm start: sets everything up, builds the extension, starts the demo apps and the fake providers, and
// opens a browser with ValetKey loaded. Without a display it takes the same tour headless.
import { buildExtension, buildSdk, EXTENSION_DIR } from './build.mjs'
import { ensureChromium } from './find-chromium.mjs'
import { ensureInstalled, main, nodeFile } from './toolchain.mjs'

await main(async () => {
  await ensureInstalled()
  const chromium = await ensureChromium()
  console.log('Building the extension and the SDK …')
  await buildExtension()
  await buildSdk()
  return nodeFile('tests/support/tour.ts', process.argv.slice(2), {
    env: { VALETKEY_CHROMIUM: chromium, VALETKEY_EXTENSION: EXTENSION_DIR },
  })
})
