/** A file a person chose, as far as it is worth reading. */
import { BACKUP_LIMIT_BYTES } from '@valetkey/wallet/protocol'

/** The first word of a backup (formats §12). */
const BACKUP_START = 'VLTKBACKUP '

export type ChosenFile =
  | { readonly kind: 'text'; readonly text: string }
  /** base64url of all of it. */
  | { readonly kind: 'backup'; readonly file: string }
  | { readonly kind: 'too-large' }

/** C90: what is larger than anything we read is not even loaded. */
export async function readChosenFile(file: Blob): Promise<ChosenFile> {
  if (file.size > BACKUP_LIMIT_BYTES) return { kind: 'too-large' }
  const start = await file.slice(0, BACKUP_START.length).text()
  if (start !== BACKUP_START) return { kind: 'text', text: await file.text() }
  return { kind: 'backup', file: await base64urlOf(file) }
}

/** By the browser's own reader, which does not hold up the window. */
function base64urlOf(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => {
      const [, base64 = ''] = typeof reader.result === 'string' ? reader.result.split(',') : []
      resolve(base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''))
    }
    reader.onerror = () => {
      reject(reader.error ?? new TypeError('The file was not read.'))
    }
    reader.readAsDataURL(file)
  })
}
