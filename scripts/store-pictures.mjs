// npm run store:pictures: the pictures of the store's listing, of the real extension, into docs/store.
import { buildExtension, buildSdk, EXTENSION_DIR } from './build.mjs'
import { ensureChromium } from './find-chromium.mjs'
import { ensureInstalled, main, nodeFile } from './toolchain.mjs'

await main(async () => {
  await ensureInstalled()
  const chromium = await ensureChromium()
  await buildExtension()
  await buildSdk()
  return nodeFile('tests/support/store-pictures.ts', process.argv.slice(2), {
    env: { VALETKEY_CHROMIUM: chromium, VALETKEY_EXTENSION: EXTENSION_DIR },
  })
})
