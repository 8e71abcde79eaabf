// npm run test:clients -- --json FILE: every official client through the built extension.
import { buildExtension, EXTENSION_DIR } from './build.mjs'
import { ensureChromium } from './find-chromium.mjs'
import { ensureInstalled, main, nodeFile } from './toolchain.mjs'

await main(async () => {
  await ensureInstalled()
  const chromium = await ensureChromium()
  await buildExtension()
  return nodeFile('tests/support/client-matrix-cli.ts', process.argv.slice(2), {
    env: { VALETKEY_CHROMIUM: chromium, VALETKEY_EXTENSION: EXTENSION_DIR },
  })
})
