/**
 * Valet keys: the worthless stand-ins a page holds in place of a provider key (formats §6).
 * This file imports nothing: the page shim is built from it.
 *
 *   sk-  VALET…random…  CRC
 *   fix  marker + free  checksum over every character before it
 */

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

interface Alphabet {
  readonly characters: string
  readonly marker: string
  readonly checkLength: number
}

const ALPHABETS = {
  base62: { characters: BASE62, marker: 'VALET', checkLength: 6 },
  base36: { characters: BASE62.slice(0, 10) + BASE62.slice(36), marker: 'valet', checkLength: 7 },
  base52: { characters: BASE62.slice(10), marker: 'VALET', checkLength: 6 },
  hex: { characters: '0123456789abcdef', marker: '', checkLength: 8 },
} as const satisfies Record<string, Alphabet>

/** A shape: fixed text around free characters (`*`), and the alphabet those are drawn from. */
export interface ValetKeyShape {
  readonly id: string
  readonly alphabet: keyof typeof ALPHABETS
  readonly template: string
}

/**
 * Every shape a page may hold, by id. The prefixes are the providers' own, so that the format checks
 * of unmodified apps pass; nothing here says which provider a key is for: that is the background's
 * exact lookup.
 */
export const VALET_KEY_SHAPES = [
  shape('sk-48', 'base62', 'sk-*48'),
  shape('sk-proj-156', 'base62', 'sk-proj-*156'),
  shape('sk-ant-api03-93', 'base62', 'sk-ant-api03-*93AA'),
  shape('AIzaSy-33', 'base62', 'AIzaSy*33'),
  shape('AQ-44', 'base62', 'AQ.Ab8RN6*44'),
  shape('gsk-52', 'base62', 'gsk_*52'),
  shape('sk-or-v1-64', 'hex', 'sk-or-v1-*64'),
  shape('alnum-32', 'base62', '*32'),
  shape('xai-80', 'base62', 'xai-*80'),
  shape('sk-hex-32', 'hex', 'sk-*32'),
  shape('csk-48', 'base36', 'csk-*48'),
  shape('hf-34', 'base52', 'hf_*34'),
  shape('uuid-hex-32', 'hex', '*8-*4-*4-*4-*12:*32'),
  shape('hex-40', 'hex', '*40'),
  shape('uuid', 'hex', '*8-*4-*4-*4-*12'),
  shape('tgp-v1-43', 'base62', 'tgp_v1_*43'),
  shape('fw-24', 'base62', 'fw_*24'),
  shape('alnum-40', 'base62', '*40'),
  shape('pplx-48', 'base62', 'pplx-*48'),
  shape('r8-37', 'base62', 'r8_*37'),
  shape('hex-32-16', 'hex', '*32.*16'),
  shape('pa-43', 'base62', 'pa-*43'),
  shape('sk_43', 'base62', 'sk_*43'),
  shape('nvapi-64', 'base62', 'nvapi-*64'),
  shape('sk-api-119', 'base62', 'sk-api-*119'),
  shape('jina-60', 'base62', 'jina_*60'),
  shape('sk_hex-48', 'hex', 'sk_*48'),
  shape('hex-32', 'hex', '*32'),
  shape('hex-32-24', 'hex', '*32.*24'),
] as const satisfies readonly ValetKeyShape[]

/** The id of a shape in {@link VALET_KEY_SHAPES}. */
export type ValetKeyShapeId = (typeof VALET_KEY_SHAPES)[number]['id']

/**
 * Whether `text` as a whole has the form and checksum of a valet key. It proves nothing: authority is
 * the exact lookup in the background.
 */
export function isValetKey(text: string): boolean {
  return VALET_KEY_SHAPES.some((candidate) => matches(candidate, text))
}

/**
 * The first valet key anywhere within `text`, or null. Of shapes without a marker only those that begin
 * with `sk-` are found: the others start nowhere in particular.
 */
export function valetKeyWithin(text: string): string | null {
  for (const mark of [ALPHABETS.base62.marker, ALPHABETS.base36.marker, 'sk-']) {
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
      for (const candidate of VALET_KEY_SHAPES) {
        const { template } = candidate
        const start = at - (mark === 'sk-' ? 0 : template.indexOf('*'))
        const part = start < 0 ? '' : text.slice(start, start + template.length)
        if (matches(candidate, part)) return part
      }
    }
  }
  return null
}

/**
 * Makes a valet key of the given shape.
 * @param random returns that many random bytes
 */
export function createValetKey(
  shapeId: ValetKeyShapeId,
  random: (sizeBytes: number) => Uint8Array,
): string {
  const wanted = VALET_KEY_SHAPES.find((candidate) => candidate.id === shapeId)
  if (!wanted) throw new TypeError(`no valet key shape ${shapeId}`)
  const { characters, marker } = ALPHABETS[wanted.alphabet]
  let freeIndex = 0
  let text = ''
  for (const character of wanted.template) {
    if (character !== '*') text += character
    else text += marker[freeIndex++] ?? draw(characters, random)
  }
  return withCheck(wanted, text)
}

function matches(candidate: ValetKeyShape, text: string): boolean {
  const { template } = candidate
  if (text.length !== template.length) return false
  const { characters, marker } = ALPHABETS[candidate.alphabet]
  // First what most other keys fail by: a page pays for this with each of its requests.
  if (!text.startsWith(marker, template.indexOf('*'))) return false
  for (let index = 0; index < template.length; index++) {
    const fits =
      template[index] === '*'
        ? characters.includes(text.charAt(index))
        : template[index] === text[index]
    if (!fits) return false
  }
  return text === withCheck(candidate, text)
}

/** Writes the CRC of all that stands before them into the last free characters. */
function withCheck(candidate: ValetKeyShape, text: string): string {
  const { characters, checkLength } = ALPHABETS[candidate.alphabet]
  const end = candidate.template.lastIndexOf('*') + 1
  const start = end - checkLength
  let rest = crc32(text.slice(0, start))
  let check = ''
  for (let place = 0; place < checkLength; place++) {
    check = characters.charAt(rest % characters.length) + check
    rest = Math.floor(rest / characters.length)
  }
  return text.slice(0, start) + check + text.slice(end)
}

/** CRC-32/ISO-HDLC of ASCII text. */
export function crc32(text: string): number {
  let crc = 0xffffffff
  for (let index = 0; index < text.length; index++) {
    crc ^= text.charCodeAt(index)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}

function draw(characters: string, random: (sizeBytes: number) => Uint8Array): string {
  const bound = 256 - (256 % characters.length)
  for (;;) {
    const byte = random(1)[0] ?? 255
    // Bytes past the last whole multiple would make the first characters likelier.
    if (byte < bound) return characters.charAt(byte % characters.length)
  }
}

/** @param pattern a template, in which `*48` stands for 48 free characters */
function shape<const Id extends string>(
  id: Id,
  alphabet: keyof typeof ALPHABETS,
  pattern: string,
): ValetKeyShape & { readonly id: Id } {
  const template = pattern.replace(/\*(\d+)/g, (_run, length) => '*'.repeat(Number(length)))
  return { id, alphabet, template }
}
