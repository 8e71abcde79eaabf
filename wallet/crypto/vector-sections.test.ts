import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/** Sections of vectors.json that the code passes byte for byte, and where. */
const CLAIMED = {
  conventions: 'crypto/conventions.vectors.test.ts',
  kdf: 'crypto/keys.vectors.test.ts',
  secretKeyText: 'crypto/conventions.vectors.test.ts',
  recoveryKeyText: 'crypto/conventions.vectors.test.ts',
  recovery: 'crypto/keys.vectors.test.ts',
  passkey: 'crypto/keys.vectors.test.ts',
  rootKeys: 'crypto/keys.vectors.test.ts',
  envelopes: 'crypto/envelope.vectors.test.ts',
  prevChain: 'crypto/envelope.vectors.test.ts',
  merges: 'protocol/merge-content.test.ts',
  backup: 'vault/backup.vectors.test.ts',
  windows: 'metering/*.test.ts',
  valetKeys: 'crypto/conventions.vectors.test.ts',
  merkle: 'sync/formats.vectors.test.ts',
  devices: 'sync/formats.vectors.test.ts',
  heads: 'sync/formats.vectors.test.ts',
  signed: 'sync/formats.vectors.test.ts',
  serverTokens: 'sync/formats.vectors.test.ts',
  relay: 'crypto/relay-sealing.vectors.test.ts',
} as const
const CLAIMED_AREAS = [
  ...['open', 'wrap', 'SK', 'RK', 'valet', 'canonical', 'base64url', 'backup'],
  ...['devices', 'ed25519', 'head', 'token', 'reply', 'request'],
]
/** Not formats: what the file says about itself, and the starting points of its negatives. */
const ABOUT = ['about', 'readings', 'good', 'negative']

const file = new URL('./__vectors__/vectors.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown> & {
  negative: { area: string }[]
}

it('knows of every section whether it is claimed', () => {
  const known = [...Object.keys(CLAIMED), ...ABOUT]

  expect(Object.keys(vectors).sort()).toEqual(known.sort())
})

it('knows of every area of negatives whether it is claimed', () => {
  const areas = [...new Set(vectors.negative.map(({ area }) => area))]

  expect(areas.sort()).toEqual([...CLAIMED_AREAS].sort())
})
