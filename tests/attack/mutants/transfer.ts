import type { Mutant } from './mutant.ts'

const BOMBS = { project: 'unit', file: 'wallet/transfer/import-bombs.test.ts' } as const
const EXPORT = { project: 'unit', file: 'wallet/transfer/export.test.ts' } as const
const BACKUP = { project: 'unit', file: 'wallet/vault/malicious-backup.test.ts' } as const

/** Files that come in and go out: imports, exports and backups. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C90',
    removes: 'the size of an import is judged before it is read',
    file: 'wallet/transfer/read-import.ts',
    find: "  if (text.length > IMPORT_LIMIT_CHARACTERS) return refuse('too-large')\n",
    replace: '',
    test: { ...BOMBS, title: 'C90: 50 MB of' },
  },
  {
    attack: 'C90',
    removes: 'lines and cells of a table are counted before it is read',
    file: 'wallet/transfer/import-limits.ts',
    find: 'return parts <= PART_LIMIT',
    replace: 'return true',
    test: { ...BOMBS, title: 'C90: a million' },
  },
  {
    attack: 'C90',
    removes: 'the depth of JSON is judged before it is read',
    file: 'wallet/transfer/import-limits.ts',
    find: '      if (depth > DEPTH_LIMIT) return false\n',
    replace: '',
    test: { ...BOMBS, title: 'C90: JSON nested a little more than any export' },
  },
  {
    attack: 'C90',
    removes: 'the values of JSON are counted before it is read',
    file: 'wallet/transfer/import-limits.ts',
    find: 'return values <= PART_LIMIT',
    replace: 'return true',
    test: { ...BOMBS, title: 'C90: JSON of millions of small values' },
  },
  {
    attack: 'C90',
    removes: 'an import has so many keys at most',
    file: 'wallet/transfer/read-import.ts',
    find: "    if (keys.length > KEY_LIMIT) return refuse('too-large')\n",
    replace: '',
    test: { ...BOMBS, title: 'C90: more keys than a person can have' },
  },
  {
    attack: 'C39',
    removes: 'an import keeps keys outside that administer an account',
    file: 'wallet/transfer/judge-piece.ts',
    find: "  if (recognised?.storable === false) return { kind: 'refused', reason: 'admin' }\n",
    replace: '',
    test: {
      project: 'unit',
      file: 'wallet/transfer/read-import.test.ts',
      title: 'keeps admin keys, sessions and valet keys outside',
    },
  },
  {
    attack: 'C90',
    removes: 'several records are added in one commit',
    file: 'wallet/vault/open-vault.ts',
    find: 'await this.#commit(rows, new Map(rows.map(({ recordId }) => [recordId, 0])))',
    replace: 'for (const row of rows) await this.#commit([row], new Map([[row.recordId, 0]]))',
    test: {
      project: 'unit',
      file: 'wallet/vault/open-vault.test.ts',
      title: 'adds none of them where one is not of the kind, or there is no room',
    },
  },
  {
    attack: 'C90',
    removes: 'an apostrophe stands before what a spreadsheet takes for a formula',
    file: 'wallet/transfer/csv-cells.ts',
    find: '.replace(BEFORE_FORMULA, "\'")',
    replace: '',
    test: { ...EXPORT, title: 'starts no cell with' },
  },
  {
    attack: 'C90',
    removes: 'also where other settings begin a new cell',
    file: 'wallet/transfer/csv-cells.ts',
    find: "'(?<=^|[,;|\\\\t\\\\r\\\\n])'",
    replace: "'(?<=^)'",
    test: { ...EXPORT, title: 'never lets a cell begin with a formula, whatever separates cells' },
  },
  {
    attack: 'C90',
    removes: 'a value of a .env file is quoted so that a shell runs nothing in it',
    file: 'wallet/transfer/write-env.ts',
    find: "return `'${value}'`",
    replace: 'return `"${value}"`',
    test: { ...EXPORT, title: 'gives a shell the key itself, and nothing to run' },
  },
  {
    attack: 'C90',
    removes: 'the size of a backup is judged before it is read',
    file: 'wallet/vault/backup-file.ts',
    find: 'if (file.length > BACKUP_LIMIT_BYTES) {',
    replace: 'if (file.length > 2 * BACKUP_LIMIT_BYTES) {',
    test: { ...BACKUP, title: 'C90: larger than any is refused before it is looked at' },
  },
  {
    attack: 'C90',
    removes: 'the header of a backup is bound to its envelope',
    file: 'wallet/vault/backup-file.ts',
    find: 'prev: sha256(before)',
    replace: 'prev: sha256(before.subarray(0, 13))',
    test: { ...BACKUP, title: 'C90: whose header is another backup’s does not open' },
  },
  {
    attack: 'C90',
    removes: 'the values in a backup go down so many levels at most',
    file: 'wallet/vault/backup-file.ts',
    find: "  if (isDeeperThan(opened, DEPTH_LIMIT)) throw new WalletError('vault.corrupt')\n",
    replace: '',
    test: { ...BACKUP, title: 'C90: of a friend who gave the keys with it' },
  },
  {
    attack: 'C90',
    removes: 'no record of a backup takes the place of a wrap or of the device',
    file: 'wallet/vault/restore-vault.ts',
    find: "  if (records.some(({ recordId }) => taken.has(recordId))) throw new WalletError('vault.corrupt')\n",
    replace: '',
    test: { ...BACKUP, title: 'C90: of a friend who gave the keys with it' },
  },
  {
    attack: 'C90',
    removes: 'a restored vault is written in one commit',
    file: 'wallet/vault/staged-store.ts',
    find: 'await store.commit({ header: change.header ?? header, rows: all, expected, epoch: null })',
    replace:
      'await store.commit({ header: change.header ?? header, rows: [], expected: new Map(), epoch: null })\n      await store.commit({ rows: all, expected, epoch: (change.header ?? header).epoch })',
    test: {
      project: 'unit',
      file: 'wallet/vault/restore-vault.test.ts',
      title: 'writes all of it or nothing, however full the disk is',
    },
  },
]
