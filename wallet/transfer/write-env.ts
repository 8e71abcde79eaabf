import { providerById } from '../providers/index.ts'
import type { ExportedKey } from './exported-key.ts'
import { oneLine } from './labels.ts'
import { LABEL_COMMENT } from './read-env.ts'

/**
 * The keys as a `.env` file, each under its provider's usual variable, its label in a comment before it. In
 * clear: the caller makes sure that the person asked for it a moment ago.
 */
export function writeEnv(keys: readonly ExportedKey[]): string {
  const counts = new Map<string, number>()
  const parts = keys.map(({ provider, label, secret, baseUrl }) => {
    const [name = ''] = providerById(provider).envNames
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    const ending = count === 1 ? '' : `_${count}`
    const stem = name.replace(/_(?:API_)?(?:KEY|TOKEN)$/, '')
    const base = baseUrl === null ? '' : `${stem}_BASE_URL${ending}=${writeValue(baseUrl)}\n`
    return `${LABEL_COMMENT}${oneLine(label)}\n${name}${ending}=${writeValue(secret)}\n${base}`
  })
  return parts.join('\n')
}

/**
 * A value that a shell reads as what it is: quoted so that nothing in it is substituted or run (C90).
 */
function writeValue(value: string): string {
  if (/^[\w.:/+=@%-]+$/.test(value)) return value
  if (!/['\r]/.test(value)) return `'${value}'`
  const escaped = value
    .replace(/["\\$`]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
  return `"${escaped}"`
}
