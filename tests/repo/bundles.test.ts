import { describe, expect, it } from 'vitest'
import { builtFile, gzipBytes } from './built-extension.ts'

const SHIM = 'content-scripts/shim.js'
const SOCKETS = 'content-scripts/sockets.js'
const BRIDGE = 'content-scripts/bridge.js'
const CAPTURE = 'content-scripts/capture.js'
const COPIES = 'content-scripts/copies.js'

/** Words that stand in a bundle only if the named thing was built into it. */
const FOREIGN = {
  zod: ['ZodError', '$ZodType', 'invalid_type'],
  dexie: ['Dexie', 'indexedDB'],
  argon2: ['argon2', 'WebAssembly'],
  'the envelope': ['VLTK', 'XChaCha', 'valetkey/1/'],
  'the polyfill': ['webextension-polyfill'],
  'the catalogue': ['api.openai.com', 'api.anthropic.com'],
}

describe.each([SHIM, SOCKETS, BRIDGE, CAPTURE, COPIES])('%s', (file) => {
  it.each(Object.entries(FOREIGN))('holds nothing of %s', (_name, words) => {
    const source = builtFile(file)

    for (const word of words) expect(source).not.toContain(word)
  })
})

describe('sizes', () => {
  it('the shim is at most 8 kB gzip, what live sockets need beside it 5 kB', () => {
    expect(gzipBytes(SHIM)).toBeLessThanOrEqual(8000)
    expect(gzipBytes(SOCKETS)).toBeLessThanOrEqual(5000)
  })

  it('the bridge is at most 3 kB gzip', () => {
    expect(gzipBytes(BRIDGE)).toBeLessThanOrEqual(3000)
  })

  it('the dashboard script is at most 16 kB gzip, its reporter 1 kB', () => {
    expect(gzipBytes(CAPTURE)).toBeLessThanOrEqual(16_000)
    expect(gzipBytes(COPIES)).toBeLessThanOrEqual(1000)
  })
})
