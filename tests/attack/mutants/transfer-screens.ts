import type { Mutant } from './mutant.ts'

const HANDLERS = {
  project: 'unit',
  file: 'extension/background/handlers/transfer.test.ts',
} as const
const EXAMINE = { project: 'unit', file: 'wallet/vault/examine-vault.test.ts' } as const
const ERASURE = { project: 'unit', file: 'extension/background/erasure.test.ts' } as const

/** What the windows may ask about files: imports, exports, backups, and the end of everything. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C84',
    removes: 'keys leave in clear only after the passphrase',
    file: 'extension/background/handlers/export.keys.ts',
    find: "  if (!wallet.session.isReauthenticated()) return { outcome: 'passphrase-needed' }\n",
    replace: '',
    test: { ...HANDLERS, title: 'only for who entered the passphrase' },
  },
  {
    attack: 'C84',
    removes: 'a backup is made only after the passphrase',
    file: 'extension/background/handlers/backup.create.ts',
    find: "  if (!wallet.session.isReauthenticated()) return { outcome: 'passphrase-needed' }\n",
    replace: '',
    test: { ...HANDLERS, title: 'only for who entered the passphrase' },
  },
  {
    attack: 'C84',
    removes: 'a guess by way of a backup counts',
    file: 'extension/background/backups.ts',
    find: 'return attempts.run(() => openBackup(vault, bytes, { passphrase, ...given }))',
    replace: 'void attempts\n    return openBackup(vault, bytes, { passphrase, ...given })',
    test: { ...HANDLERS, title: 'makes no guess at the passphrase free' },
  },
  {
    attack: 'C90',
    removes: 'no secret is in a preview',
    file: 'extension/background/bring-keys.ts',
    find: '...{ place, provider, sure, label, masked, archived, repeated },',
    replace:
      '...{ place, provider, sure, label, archived, repeated },\n      masked: keys.map(({ secret }) => secret).join(),',
    test: { ...HANDLERS, title: 'shows what a text holds, and no secret' },
  },
  {
    attack: 'C90',
    removes: 'a key whose form says whose it is goes nowhere else',
    file: 'extension/background/bring-keys.ts',
    find: 'if (!key || (key.sure && key.provider !== provider)) {',
    replace: 'if (!key) {',
    test: { ...HANDLERS, title: 'sends a key elsewhere whose form' },
  },
  {
    attack: 'C90',
    removes: 'a key the vault has is not stored twice',
    file: 'extension/background/bring-keys.ts',
    find: 'duplicateOf === null && !repeated)',
    replace: 'duplicateOf === null || !repeated)',
    test: { ...HANDLERS, title: 'stores none twice' },
  },
  {
    attack: 'C90',
    removes: 'a file larger than anything we read is not loaded',
    file: 'extension/ui/chosen-file.ts',
    find: "  if (file.size > BACKUP_LIMIT_BYTES) return { kind: 'too-large' }\n",
    replace: '  void BACKUP_LIMIT_BYTES\n',
    test: {
      project: 'unit',
      file: 'extension/ui/chosen-file.test.ts',
      title: 'C90: larger than anything we read, it is not loaded',
    },
  },
  {
    attack: 'C115',
    removes: 'erasing locks before anything goes',
    file: 'extension/background/erasure.ts',
    find: '    const locked = await settle(lock())\n    await Promise.race([keepalive.whenFree(), after(SETTLING_MS)])\n',
    replace: '    void keepalive\n    void after\n    const locked = await settle(lock())\n',
    test: { ...ERASURE, title: 'locks and lets calls end before anything goes' },
  },
  {
    attack: 'C85',
    removes: 'entries that cannot be read are told, not passed over',
    file: 'extension/background/handlers/recovery.get.ts',
    find: 'damagedCount: damaged.length',
    replace: 'damagedCount: damaged.length * 0',
    test: { ...HANDLERS, title: 'says so, and goes on with the others' },
  },
  {
    attack: 'C85',
    removes: 'a missing table is told of, not taken for a failure',
    file: 'wallet/vault/examine-vault.ts',
    find: '    if (isUnreadable(error)) return null\n',
    replace: '    if (isUnreadable(error)) return []\n',
    test: { ...EXAMINE, title: 'whose table is missing' },
  },
  {
    attack: 'C85',
    removes: 'a wrap that is none is no way in',
    file: 'wallet/vault/examine-vault.ts',
    find: "liveWraps(rows, 'passphrase').length > 0",
    replace: 'stored !== null',
    test: { ...EXAMINE, title: 'whose table is cut' },
  },
  {
    attack: 'C84',
    removes: 'a recovery key tried at a backup counts as an attempt',
    file: 'extension/background/backups.ts',
    find: `    const restored = await attempts.run(() =>
      restoreVaultWithKit(vault, bytes, { recoveryKeyText, newPassphrase }),
    )`,
    replace:
      '    const restored = await restoreVaultWithKit(vault, bytes, { recoveryKeyText, newPassphrase })',
    test: {
      project: 'unit',
      file: 'extension/background/handlers/transfer.test.ts',
      title: 'C84: makes no guess at a recovery key free',
    },
  },
  {
    attack: 'C90',
    removes: 'one key whose notes do not fit keeps no other one out',
    file: 'wallet/transfer/labels.ts',
    find: 'const CONTROL_LIMIT = 1000',
    replace: 'const CONTROL_LIMIT = 10_000',
    test: { ...HANDLERS, title: 'whose notes would not fit keeps no other one out' },
  },
]
