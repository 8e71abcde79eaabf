import type { Mutant } from './mutant.ts'

const STORE = 'extension/adapters/dexie-vault-store.ts'

/** Guards of the vault that only a real browser shows: its worker, its database, its windows. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C84',
    removes: 'wrong passphrases are counted past the death of the worker',
    file: 'extension/adapters/unlock-attempt-store.ts',
    find: 'write: (state) => browser.storage.local.set({ [KEY]: state })',
    replace: 'write: () => Promise.resolve()',
    test: {
      project: 'waits',
      file: 'tests/waits/unlock-attempts.test.ts',
      title: 'C84: waits longer each time, in a new worker too',
    },
  },
  {
    attack: 'C85',
    removes: 'rows without a header are a damaged vault, and no new one is made over them',
    file: 'wallet/vault/header.ts',
    find: "return (await store.readRows()).length > 0 ? 'damaged' : 'none'",
    replace: "return 'none'",
    test: {
      project: 'e2e',
      file: 'tests/e2e/faults.test.ts',
      title: 'without its start shows what is left (C85)',
    },
  },
  {
    attack: 'C86',
    removes: 'a full disk is told by its name',
    file: 'extension/adapters/dexie-connection.ts',
    find: "const code = isForLackOfRoom(error) ? 'vault.quota' : 'vault.corrupt'",
    replace: "const code = isForLackOfRoom(error) ? 'internal' : 'vault.corrupt'",
    test: {
      project: 'e2e',
      file: 'tests/e2e/errors.test.ts',
      title: 'a disk that is full: nothing half saved',
    },
  },
  {
    attack: 'C87',
    removes: 'what belongs together is written in one transaction',
    file: STORE,
    find: '      await rows.bulkPut([...change.rows])\n      await also()\n    })\n',
    replace:
      '      await also()\n    })\n    for (const row of change.rows) {\n      await rows.put(row)\n      await new Promise((resolve) => setTimeout(resolve, 400))\n    }\n',
    test: {
      project: 'e2e',
      file: 'tests/e2e/kills.test.ts',
      title: 'C87: leaves the old vault or the new one',
    },
  },
  {
    attack: 'C88',
    removes: 'who is slower changes nothing',
    file: 'wallet/vault/unlock-attempts.ts',
    find: '  const alone = createTurns()\n',
    replace: '  const alone = <T>(step: () => Promise<T>): Promise<T> => step()\n',
    edits: [
      {
        file: STORE,
        find: 'if (renewed || grown || overtaken)',
        replace: 'if (change.epoch === null && (renewed || grown || overtaken))',
      },
    ],
    test: {
      project: 'e2e',
      file: 'tests/e2e/two-windows.test.ts',
      title: 'C88: that change the passphrase',
    },
  },
  {
    attack: 'C90',
    removes: 'a document is measured before it is read',
    file: 'wallet/transfer/read-import.ts',
    find: "  if (!fitsAsJson(text)) return refuse('too-large')\n",
    replace: '  void fitsAsJson\n',
    test: {
      project: 'e2e',
      file: 'tests/e2e/transfer.test.ts',
      title: 'a bomb is refused in a sentence',
    },
  },
]
