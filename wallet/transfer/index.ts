export type { ExportedKey } from './exported-key.ts'
export { writeCsv } from './csv-table.ts'
export { importedFields } from './import-fields.ts'
export { IMPORT_LIMIT_CHARACTERS } from './import-limits.ts'
export {
  previewBackupKeys,
  readImport,
  type ImportFormat,
  type ImportPreview,
  type ImportRefusal,
  type ImportedKey,
  type KnownKey,
  type RefusedKey,
} from './read-import.ts'
export { writeEnv } from './write-env.ts'
export { writeUsageCsv, writeUsageJson, type UsagePiece } from './write-usage.ts'
