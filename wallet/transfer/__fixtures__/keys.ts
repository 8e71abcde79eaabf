import { createHash } from 'node:crypto'
import type { KeyId } from '../../protocol/index.ts'
import { readImport, type ImportPreview, type KnownKey } from '../index.ts'

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

// Built at run time: a literal of these shapes would trip every secret scanner.
const FORMS = {
  groq: (free: (length: number) => string) => `gsk_${free(52)}`,
  anthropic: (free: (length: number) => string) => `sk-ant-api03-${free(93)}AA`,
  openai: (free: (length: number) => string) =>
    `sk-proj-${free(74)}${['T3Blbk', 'FJ'].join('')}${free(74)}`,
  google: (free: (length: number) => string) => `AQ.Ab8RN6${free(44)}`,
  googleStandard: (free: (length: number) => string) => `AIza${free(35)}`,
  openaiAdmin: (free: (length: number) => string) => `sk-admin-${free(60)}`,
  anthropicSession: (free: (length: number) => string) => `sk-ant-sid01-${free(60)}`,
} as const

/** A key of a real form, the same for the same seed. */
export function createKey(form: keyof typeof FORMS, seed = ''): string {
  return FORMS[form]((length) => free(`${form} ${seed}`, length))
}

/** Letters and digits of no form. */
export function free(seed: string, length: number): string {
  let text = ''
  for (let block = 0; text.length < length; block++) {
    for (const byte of createHash('sha512').update(`${seed} ${block}`).digest()) {
      text += CHARACTERS.charAt(byte % CHARACTERS.length)
    }
  }
  return text.slice(0, length)
}

/** A key as the vault lists it. */
export function knownKey(secret: string, label: string): KnownKey {
  return { id: `id of ${label}` as KeyId, fields: { label, secret } }
}

/** The preview of a text that must not be refused. */
export function previewOf(text: string, known: readonly KnownKey[] = []): ImportPreview {
  const reading = readImport(text, known)
  if (reading.kind === 'refused') throw new Error(`refused: ${reading.reason}`)
  return reading
}

/** Place, label and secret of each key found. */
export function found(text: string): [number, string, string][] {
  return previewOf(text).keys.map(({ place, label, secret }) => [place, label, secret])
}
