// npm run bench:capture -- CORPUS.json: how well keys are found in text.
import { ensureInstalled, main, nodeFile } from './toolchain.mjs'

await main(async () => {
  await ensureInstalled()
  return nodeFile('tests/bench/capture-cli.ts', process.argv.slice(2))
})
