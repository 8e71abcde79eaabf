/** One way a key can be written, as bytes to look for. */
export interface KeyForm {
  readonly name: string
  readonly bytes: Buffer
}

/**
 * The forms in which a leaked secret is looked for: plain, UTF-16LE, URL-encoded, hex, and base64 (both
 * alphabets) at each of the three byte offsets, each form once.
 */
export function keyForms(key: string): readonly KeyForm[] {
  const forms: KeyForm[] = [
    { name: 'latin1', bytes: Buffer.from(key, 'latin1') },
    { name: 'utf16', bytes: Buffer.from(key, 'utf16le') },
    { name: 'url', bytes: Buffer.from(encodeURIComponent(key)) },
    { name: 'hex', bytes: Buffer.from(Buffer.from(key).toString('hex')) },
  ]
  for (const offset of [0, 1, 2]) {
    const text = base64At(key, offset)
    forms.push({ name: `base64+${offset}`, bytes: Buffer.from(text) })
    const urlText = text.replaceAll('+', '-').replaceAll('/', '_')
    forms.push({ name: `base64url+${offset}`, bytes: Buffer.from(urlText) })
  }
  return forms.filter(
    (form, index) => forms.findIndex((other) => other.bytes.equals(form.bytes)) === index,
  )
}

/** The first form of the key found in the bytes, or null. */
export function findKey(haystack: Buffer, key: string): string | null {
  return keyForms(key).find((form) => haystack.includes(form.bytes))?.name ?? null
}

/**
 * The characters of the base64 of `…key…` that depend on the key alone, when the key starts `offset`
 * bytes into a group of three.
 */
function base64At(key: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(key)])
  const firstWholeCharacter = Math.ceil((offset * 8) / 6)
  const wholeCharacters = Math.floor((bytes.length * 8) / 6)
  return bytes.toString('base64').slice(firstWholeCharacter, wholeCharacters)
}
