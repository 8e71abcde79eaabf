import type { Mutant } from './mutant.ts'

const AT_SERVER = 'tests/integration/sync/recover-account.test.ts'
const HERE = 'tests/integration/sync/recover-here.test.ts'
const CHANGE = 'wallet/vault/change-passphrase.test.ts'
const ROTATION = 'wallet/vault/rotation.test.ts'
const PASSKEYS = 'wallet/vault/passkeys.test.ts'
const CHANGES = 'wallet/vault/vault-changes.test.ts'
const ATTEMPTS = 'wallet/vault/unlock-attempts.test.ts'
const WINDOWS = 'tests/contract/vault-changes.test.ts'

/** The keys of a vault: wraps, epochs, recovery, and who may try them how often. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C77',
    removes: 'the first bytes of an envelope are authenticated',
    file: 'wallet/crypto/envelope.ts',
    find: '  return concat(\n    start,\n    lp(fromBase64url(vaultId)),',
    replace: '  return concat(\n    lp(fromBase64url(vaultId)),',
    edits: [
      {
        file: 'wallet/crypto/envelope.ts',
        find: "hkdfExpand(hkdfExtract(nonce, key), label('envelope', start), 64)",
        replace: "hkdfExpand(hkdfExtract(nonce, key), label('envelope'), start.length * 0 + 64)",
      },
    ],
    test: {
      project: 'unit',
      file: 'wallet/crypto/envelope.test.ts',
      title: 'never opens with a bit flipped (C77)',
    },
  },
  {
    attack: 'C78',
    removes: 'a wrap is bound to its method and parameters',
    file: 'wallet/crypto/envelope.ts',
    find: "[lp(utf8(method)), lp(utf8(params ?? ''))]",
    replace: "[lp(utf8(params ?? '').subarray(0, 0))]",
    test: { project: 'unit', file: PASSKEYS, title: 'does not open a wrap of another' },
  },
  {
    attack: 'C78',
    removes: 'a wrap is bound to its revision and to the wrap it replaced',
    file: 'wallet/crypto/envelope.ts',
    find: '    u64(row.rev),\n    lp(row.prev),\n',
    replace: '    u64(0 * row.rev),\n',
    test: { project: 'unit', file: CHANGE, title: 'by putting the old wrap back' },
  },
  {
    attack: 'C78',
    removes: 'an open vault forgets the root keys of earlier epochs',
    file: 'wallet/vault/renew-vault.ts',
    find: 'createRootKeys(header.vaultId, [{ epoch: header.epoch, rootKey }])',
    replace:
      'createRootKeys(header.vaultId, [{ epoch: header.epoch - 1, rootKey: entry.rootKey.slice() }, { epoch: header.epoch, rootKey }])',
    test: { project: 'unit', file: ROTATION, title: 'a row put back is damaged (C78)' },
  },
  {
    attack: 'C84',
    removes: 'a wrong passphrase costs one hash in a change, as in unlocking',
    file: 'wallet/vault/change-passphrase.ts',
    find: '  const { read, wrap, entry } = await openByPassphrase(ports, passphrase, readWraps(ports.store))\n  const { header }',
    replace:
      '  await openByPassphrase(ports, passphrase, readWraps(ports.store)).catch(() => undefined)\n  const { read, wrap, entry } = await openByPassphrase(ports, passphrase, readWraps(ports.store))\n  const { header }',
    test: { project: 'unit', file: CHANGE, title: 'after one hash, as unlocking is (C84)' },
  },
  {
    attack: 'C84',
    removes: 'who guesses has to wait',
    file: 'wallet/vault/unlock-attempts.ts',
    find: 'if (before.waitMs > 0) throw refusal(before.waitMs)',
    replace: '',
    test: { project: 'unit', file: ATTEMPTS, title: 'are not made while there is to wait' },
  },
  {
    attack: 'C84',
    removes: 'an attempt counts before it is over',
    file: 'wallet/vault/unlock-attempts.ts',
    find: '        await count.write(failedAt(failures, clock()))\n',
    replace: '',
    test: { project: 'unit', file: ATTEMPTS, title: 'killing the process gives no guess (C84)' },
  },
  {
    attack: 'C84',
    removes: 'the count survives the process',
    file: 'wallet/vault/unlock-attempts.ts',
    find: 'await store.write(state).catch(() => undefined)',
    replace: '',
    test: { project: 'unit', file: ATTEMPTS, title: 'when the process starts again (C84)' },
  },
  {
    attack: 'C84',
    removes: 'a clock set back hastens nothing',
    file: 'wallet/vault/unlock-attempts.ts',
    find: 'Math.max(0, nowMs - seenAt)',
    replace: 'Math.abs(nowMs - seenAt)',
    test: { project: 'unit', file: ATTEMPTS, title: 'are not hastened by a clock set back' },
  },
  {
    attack: 'C85',
    removes: 'what cannot be read is not written over by a new epoch',
    file: 'wallet/vault/new-epoch.ts',
    find: "if (isWalletError(error, 'vault.corrupt')) return null",
    replace: "if (isWalletError(error, 'vault.corrupt')) return {}",
    test: { project: 'unit', file: ROTATION, title: 'hides no other record (C85)' },
  },
  {
    attack: 'C85',
    removes: 'a record of a later version stops a new epoch',
    file: 'wallet/vault/new-epoch.ts',
    find: "if (isWalletError(error, 'vault.corrupt')) return null",
    replace: 'if (isWalletError(error)) return null',
    test: { project: 'unit', file: ROTATION, title: 'nothing is lost (C85)' },
  },
  {
    attack: 'C86',
    removes: 'a new epoch finds room for all of it, or for nothing',
    file: 'wallet/vault/renew-vault.ts',
    find: '      await store.commit(change)\n',
    replace:
      '      const { rowCount: _, ...head } = change\n      await store.commit({ ...head, rows: change.rows.slice(0, 2) })\n      await store.commit({ rows: change.rows.slice(2), expected: new Map(), epoch: change.header?.epoch ?? 0 })\n',
    test: { project: 'unit', file: CHANGES, title: 'whichever write finds no room (C86)' },
  },
  {
    attack: 'C87',
    removes: 'a new epoch is one commit',
    file: 'wallet/vault/renew-vault.ts',
    find: '      await store.commit(change)\n',
    replace:
      '      await store.commit({ header: change.header, rows: change.rows.filter(({ method }) => method), expected: new Map(), epoch: change.epoch })\n      await store.commit({ rows: change.rows.filter(({ method }) => !method), expected: new Map(), epoch: change.header?.epoch ?? 0 })\n',
    test: { project: 'unit', file: CHANGES, title: 'wherever the process dies (C87)' },
  },
  {
    attack: 'C87',
    removes: 'a changed passphrase replaces the old one in one commit',
    file: 'wallet/vault/change-passphrase.ts',
    find: '  await ports.store.commit({ rows: [row], expected, epoch: header.epoch })',
    replace:
      '  await ports.store.commit({ rows: replaced ? [{ ...replaced, del: 1 }] : [], expected, epoch: header.epoch })\n  await ports.store.commit({ rows: [row], expected, epoch: header.epoch })',
    test: { project: 'unit', file: CHANGES, title: 'wherever the process dies (C87)' },
  },
  {
    attack: 'C88',
    removes: 'a changed passphrase replaces only what the old one opened',
    file: 'wallet/vault/change-passphrase.ts',
    find: 'const expected = new Map([[row.recordId, replaced?.rev ?? 0]])',
    replace: 'const expected = new Map()',
    test: { project: 'unit', file: CHANGE, title: 'the one that was faster (C88)' },
  },
  {
    attack: 'C88',
    removes: 'a rotation seals only what its passphrase opened',
    file: 'wallet/vault/renew-vault.ts',
    find: "if (!same || now.header.epoch !== before.header.epoch) throw new WalletError('sync.conflict')",
    replace: 'if (!same && now.header.epoch < 0) throw new WalletError(before.header.vaultId)',
    test: { project: 'unit', file: ROTATION, title: 'of two rotations one wins' },
  },
  {
    attack: 'C88',
    removes: 'a record is written in the epoch it was sealed in',
    file: 'extension/adapters/dexie-vault-store.ts',
    find: 'if (renewed || grown || overtaken)',
    replace: 'if ((renewed && change.epoch === null) || grown || overtaken)',
    test: { project: 'integration', file: WINDOWS, title: 'that the other replaced (C88)' },
  },
  {
    attack: 'C88',
    removes: 'no record is added while every record is sealed again',
    file: 'extension/adapters/dexie-vault-store.ts',
    find: 'if (renewed || grown || overtaken)',
    replace: 'if (renewed || overtaken)',
    test: { project: 'integration', file: WINDOWS, title: 'the other sealed them again (C88)' },
  },
  {
    attack: 'C89',
    removes: 'a new root key is a checked draw',
    file: 'wallet/vault/renew-vault.ts',
    find: 'const rootKey = random(32)',
    replace: 'const rootKey = ports.random(32)',
    test: { project: 'unit', file: ROTATION, title: 'one that others know (C89)' },
  },
  {
    attack: 'C87',
    removes: 'the key of a recovery is written down before it is sent',
    file: 'wallet/sync/recover-account.ts',
    find: '    await recovering.note(renewed.kit.recoveryKeyText)\n',
    replace: '',
    test: { project: 'integration', file: AT_SERVER, title: 'C87: goes on with the same kit' },
  },
  {
    attack: 'C87',
    removes: 'a device that a cut-off recovery replaced goes on with it',
    file: 'wallet/sync/recover-here.ts',
    find: "if (!isWalletError(error, 'auth.failed')) throw error",
    replace: 'throw error',
    test: { project: 'integration', file: HERE, title: 'C87: goes on with the same kit' },
  },
  {
    attack: 'C87',
    removes: 'what was changed since is no part of what was lost',
    file: 'wallet/sync/recover-here.ts',
    find: 'return isInStep ? recovered : withUnsent(recovered,',
    replace: 'return isInStep || state ? recovered : withUnsent(recovered,',
    test: { project: 'integration', file: HERE, title: 'C87: goes on with the same kit' },
  },
  {
    attack: 'C80',
    removes: 'only a recovery that was begun here is gone on with',
    file: 'wallet/sync/recover-here.ts',
    find: '    if (noted.length === 0) throw error\n',
    replace: '',
    test: { project: 'integration', file: HERE, title: 'C80: is refused by who shows the kit' },
  },
]
