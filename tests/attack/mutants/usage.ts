import type { Mutant } from './mutant.ts'

/** The usage a person looks at, takes along, and has brought over from an earlier version. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C85',
    removes: 'an earlier database is looked at before it is brought up',
    file: 'extension/adapters/dexie-connection.ts',
    find: '    assertTables(found, earlier)\n',
    replace: '',
    test: {
      project: 'integration',
      file: 'tests/contract/ledger-store.test.ts',
      title: 'refuses a database with %s, and leaves it as it is (C85)',
    },
  },
  {
    attack: 'C90',
    removes: 'cells of the usage file that start a formula are made text',
    file: 'wallet/transfer/write-usage.ts',
    find: 'writeCell(cellOf(row))',
    replace: '`"${cellOf(row)}"`',
    test: {
      project: 'unit',
      file: 'wallet/transfer/write-usage.test.ts',
      title: 'makes text of a model or a name that a spreadsheet would run',
    },
  },
]
