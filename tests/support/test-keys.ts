import { createHash } from 'node:crypto'
import type { ProviderId } from '@valetkey/wallet/protocol'

/** Provider keys of the real shapes, made at run time from a seed: no scanner finds one in the source. */
export function createTestKey(provider: ProviderId, seed: string): string {
  const part = (length: number, salt = '') => alphanumerics(`${provider} ${seed} ${salt}`, length)
  switch (provider) {
    case 'openai':
      return ['sk', 'proj', part(74) + 'T3Blbk' + 'FJ' + part(74, 'tail')].join('-')
    case 'anthropic':
      return ['sk', 'ant', 'api03', part(93) + 'AA'].join('-')
    case 'google':
      return ['AQ', 'Ab8RN6' + part(44)].join('.')
    case 'groq':
      return ['gsk', part(52)].join('_')
  }
}

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

function alphanumerics(seed: string, length: number): string {
  let text = ''
  for (let block = 0; text.length < length; block++) {
    for (const byte of createHash('sha512').update(`${seed} ${block}`).digest()) {
      text += CHARACTERS.charAt(byte % CHARACTERS.length)
    }
  }
  return text.slice(0, length)
}
