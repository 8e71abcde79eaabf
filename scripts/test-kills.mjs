// npm run test:kills -- --count N [--seed SEED]: kills a real browser N times while the vault is written.
import { buildExtension, EXTENSION_DIR } from './build.mjs'
import { ensureChromium } from './find-chromium.mjs'
import { ensureInstalled, main, nodeFile } from './toolchain.mjs'

await main(async () => {
  await ensureInstalled()
  const chromium = await ensureChromium()
  await buildExtension()
  return nodeFile('tests/kills/main.ts', process.argv.slice(2), {
    env: { VALETKEY_CHROMIUM: chromium, VALETKEY_EXTENSION: EXTENSION_DIR },
  })
})
