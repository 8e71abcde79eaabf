/** `vault/unlock`: from the passphrase to an open vault, beside the bare hash in the same browser. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { askFrom } from '../support/driving/extension-messages.ts'
import { PASSPHRASE, type BenchBrowser } from './bench-browser.ts'
import { rowOfPairs, type BenchRow } from './row.ts'

const HASH_WASM = join(import.meta.dirname, '../../node_modules/hash-wasm/dist/argon2.umd.min.js')
const WARM_UPS = 2

/** What the script above puts into a page. */
interface HashWasm {
  argon2id(options: object): Promise<unknown>
}

export async function measureUnlock(browser: BenchBrowser, pairs: number): Promise<BenchRow> {
  const { window } = browser
  // Evaluated as a string: the page's policy lets no script in, and the debugger past it.
  await window.evaluate(readFileSync(HASH_WASM, 'utf8'))
  const ours: number[] = []
  const reference: number[] = []
  for (let pair = -WARM_UPS; pair < pairs; pair++) {
    await askFrom(window, 'vault.lock', {})
    const [unlocked, hashed] = [await timeUnlock(browser), await timeHash(browser)]
    if (pair < 0) continue
    ours.push(unlocked)
    reference.push(hashed)
  }
  const name = 'vault/unlock'
  return rowOfPairs(
    { name, referenceName: 'bare hash-wasm, 64 MiB, t = 3', unit: 'ms' },
    { ours, reference },
    { kind: 'times', limit: 1.5, aim: 1.1 },
  )
}

/** Timed in the window, so that nothing of the debugger's way is in it. */
function timeUnlock({ window }: BenchBrowser): Promise<number> {
  return window.evaluate(async (passphrase) => {
    const start = performance.now()
    const request = { method: 'vault.unlock', params: { passphrase } }
    const reply = await chrome.runtime.sendMessage<object, { ok: boolean }>(request)
    if (!reply.ok) throw new Error('the vault stays locked')
    return performance.now() - start
  }, PASSPHRASE)
}

function timeHash({ window }: BenchBrowser): Promise<number> {
  return window.evaluate(async (password) => {
    const { hashwasm } = globalThis as unknown as { hashwasm: HashWasm }
    const salt = crypto.getRandomValues(new Uint8Array(16))
    const cost = { memorySize: 65_536, iterations: 3, parallelism: 1, hashLength: 32 }
    const start = performance.now()
    await hashwasm.argon2id({ password, salt, ...cost, outputType: 'binary' })
    return performance.now() - start
  }, PASSPHRASE)
}
