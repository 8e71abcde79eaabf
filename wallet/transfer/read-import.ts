import { maskKey, type KeyId, type ProviderId, type ProviderKey } from '../protocol/index.ts'
import type { ExportedKey } from './exported-key.ts'
import { IMPORT_LIMIT_CHARACTERS, KEY_LIMIT, fitsAsJson, fitsAsLines } from './import-limits.ts'
import { judgePiece } from './judge-piece.ts'
import { labelOf, notesOf } from './labels.ts'
import type { Part, Piece, Problem, ProblemReason } from './piece.ts'
import { readBitwarden } from './read-bitwarden.ts'
import { readCsv, type TableFormat } from './read-csv.ts'
import { isEnvText, readEnv } from './read-env.ts'

/** A key the vault has: what an import compares with. */
export interface KnownKey {
  readonly id: KeyId
  readonly fields: { readonly label: string; readonly secret: string }
}

/** A key a file holds, fit to be stored. */
export interface ImportedKey {
  /** The line, row or item it stands in, from 1. */
  readonly place: number
  readonly provider: ProviderId
  /** The catalogue's name of its form; null: named as a key, of a form nobody knows. Its test decides. */
  readonly form: string | null
  /** Whether form or name leave no doubt whose key it is. */
  readonly sure: boolean
  /** One line; '' where the file names nothing. */
  readonly label: string
  readonly notes: string
  /** Unix milliseconds; null: not said. */
  readonly createdAt: number | null
  readonly expiresAt: number | null
  readonly archived: boolean
  readonly secret: ProviderKey
  /** For screens, in place of the secret. */
  readonly masked: string
  /** The key of the vault with the same secret. */
  readonly duplicateOf: { readonly id: KeyId; readonly label: string } | null
  /** Whether the same secret stands earlier in the file. */
  readonly repeated: boolean
}

/** A key that stays outside (C39): one that administers an account, a session, or a valet key. */
export interface RefusedKey {
  readonly place: number
  readonly label: string
  readonly masked: string
  readonly reason: 'admin' | 'valet'
}

export type ImportFormat = 'env' | 'bitwarden-json' | 'backup' | TableFormat

/** What a file holds. Nothing is stored yet. */
export interface ImportPreview {
  readonly kind: 'preview'
  readonly format: ImportFormat
  /** In the order of the file. */
  readonly keys: readonly ImportedKey[]
  readonly refused: readonly RefusedKey[]
  readonly notUnderstood: readonly { readonly place: number; readonly reason: ProblemReason }[]
}

/** Why nothing of a file is read. `backup`: it is a backup of ours, to be opened as one. */
export interface ImportRefusal {
  readonly kind: 'refused'
  readonly reason: 'empty' | 'too-large' | 'not-text' | 'encrypted' | 'not-understood' | 'backup'
}

/**
 * Reads an export of another program, a table or a `.env` file; which one it is shows in the text. Pure: a
 * file that is refused, or not taken over, leaves nothing behind. Time and memory grow with the text, which
 * is bounded before it is read (C90).
 */
export function readImport(
  text: string,
  known: readonly KnownKey[],
): ImportPreview | ImportRefusal {
  if (text.length > IMPORT_LIMIT_CHARACTERS) return refuse('too-large')
  const lines = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
  if (!/\S/.test(lines)) return refuse('empty')
  if (lines.startsWith('VLTKBACKUP ')) return refuse('backup')
  // A zip (1PUX, a spreadsheet), a picture, UTF-16: all hold this character near their start.
  if (lines.slice(0, 4096).includes('\0')) return refuse('not-text')
  if (/^\s*[{[]/.test(lines)) return readJson(lines, known)
  if (!fitsAsLines(lines)) return refuse('too-large')
  if (isEnvText(lines)) return preview('env', readEnv(lines), known)
  const { format, parts } = readCsv(lines)
  return preview(format, parts, known)
}

/** The keys of another vault's backup (`backupKeys`), looked at as those of any other file. */
export function previewBackupKeys(
  keys: readonly ExportedKey[],
  known: readonly KnownKey[],
): ImportPreview | ImportRefusal {
  const parts = keys.map(({ secret, label, ...stated }, index) => {
    return { kind: 'piece', place: index + 1, value: secret, name: 'key', label, stated } as const
  })
  return preview('backup', parts, known)
}

function readJson(text: string, known: readonly KnownKey[]): ImportPreview | ImportRefusal {
  if (!fitsAsJson(text)) return refuse('too-large')
  const read = readBitwarden(text)
  return read.kind === 'refused' ? read : preview('bitwarden-json', read.parts, known)
}

function preview(
  format: ImportFormat,
  parts: Iterable<Part>,
  known: readonly KnownKey[],
): ImportPreview | ImportRefusal {
  const keys: ImportedKey[] = []
  const refused: RefusedKey[] = []
  const notUnderstood: Omit<Problem, 'kind'>[] = []
  const inVault = new Map(
    known.map(({ id, fields }) => [fields.secret, { id, label: fields.label }]),
  )
  const seen = new Set<string>()
  for (const part of parts) {
    if (part.kind === 'problem') {
      notUnderstood.push({ place: part.place, reason: part.reason })
      continue
    }
    const judged = judgePiece(part)
    if (judged === null) continue
    const { place, value } = part
    const label = labelOf(part.label)
    if (judged.kind === 'refused') {
      refused.push({ place, label, masked: maskKey(value), reason: judged.reason })
      continue
    }
    const { provider, form, sure } = judged
    const found = { provider, form, sure, duplicateOf: inVault.get(value) ?? null }
    keys.push({ ...keyOf(part, label), ...found, repeated: seen.has(value) })
    seen.add(value)
    if (keys.length > KEY_LIMIT) return refuse('too-large')
  }
  return { kind: 'preview', format, keys, refused, notUnderstood }
}

function keyOf({ place, value, stated }: Piece, label: string) {
  return {
    place,
    label,
    notes: notesOf(stated?.notes ?? ''),
    createdAt: stated?.createdAt ?? null,
    expiresAt: stated?.expiresAt ?? null,
    archived: stated?.archived ?? false,
    secret: value as ProviderKey, // what a file holds is one from here on
    masked: maskKey(value),
  }
}

function refuse(reason: ImportRefusal['reason']): ImportRefusal {
  return { kind: 'refused', reason }
}
