import type { Mutant } from './mutant.ts'

const FILE = 'wallet/sync/evil-server.test.ts'
const REAL = 'tests/integration/sync/evil-server.test.ts'
const BELIEVE = 'wallet/sync/believe.ts'

/** A server that shows less, or other things, than the devices wrote. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C80',
    removes: 'a head names every row there is',
    file: BELIEVE,
    find: '    root: merkleRoot([...synced.values()], head.floor),\n',
    replace: '',
    test: { project: 'unit', file: FILE, title: 'C80: leaves a record out' },
  },
  {
    attack: 'C80',
    removes: 'an older vault is no news',
    file: BELIEVE,
    find: '    ...(stored && { stored }),\n',
    replace: '',
    test: { project: 'unit', file: FILE, title: 'C80: goes back to the vault of yesterday' },
  },
  {
    attack: 'C82',
    removes: 'heads in between are looked at',
    file: BELIEVE,
    find: '  if (stored) await assertChain(stored, head, server)\n',
    replace: '',
    test: { project: 'unit', file: FILE, title: 'C82: leaves out heads in between' },
  },
  {
    attack: 'C82',
    removes: 'a device list goes back to an identity that is trusted',
    file: BELIEVE,
    find: '    knownIdentity: state.identity,\n',
    replace: '    knownIdentity: pulled.devices.identity,\n',
    test: { project: 'unit', file: FILE, title: 'C82: takes an identity of its own' },
  },
  {
    attack: 'C81',
    removes: 'a vault is sealed with no older suite than it was',
    file: BELIEVE,
    find: "  if (head.minSuite < (vault.minSuite ?? 0)) throw refused('min-suite')\n",
    replace: '',
    test: { project: 'unit', file: FILE, title: 'C81: lets a vault be opened with less' },
  },
  {
    attack: 'C82',
    removes: 'an epoch that is over stays over',
    file: BELIEVE,
    find: "  if (head.epoch < (vault.epoch ?? 0)) throw refused('epoch')\n",
    replace: '',
    test: { project: 'unit', file: FILE, title: 'C82: goes back to an epoch that is over' },
  },
  {
    attack: 'C82',
    removes: 'the keys of an epoch are those its head names',
    file: 'wallet/sync/sync-client.ts',
    find: 'if (epochKeysHash(keys) !== devices.keysHash) {',
    replace: 'if (keys.length === 0) {',
    test: { project: 'unit', file: FILE, title: 'C82: opens an epoch with keys of its own' },
  },
  {
    attack: 'C83',
    removes: 'a pull is no larger than an account may be',
    file: 'wallet/sync/pull-pages.ts',
    find: "    if (sizeBytes > PULL_LIMIT_BYTES) throw new WalletError('protocol.invalid_message')\n",
    replace: "    if (sizeBytes > 10 * PULL_LIMIT_BYTES) throw new WalletError('internal')\n",
    test: { project: 'unit', file: FILE, title: 'and never stops: the pull does' },
  },
  {
    attack: 'C80',
    removes: 'two heads of one seq are a fork',
    file: 'wallet/sync/head.ts',
    find: "  if (head.seq === stored.seq && !equalBytes(headHash(signed), stored.hash)) return 'fork'\n",
    replace: '',
    test: { project: 'integration', file: REAL, title: 'C80: where two devices were shown' },
  },
  {
    attack: 'C80',
    removes: 'a head names what a removed record became',
    file: BELIEVE,
    find: '    root: merkleRoot([...synced.values()], head.floor),\n',
    replace: '',
    test: { project: 'integration', file: REAL, title: 'C80: where a removed record comes back' },
  },
  {
    attack: 'C82',
    removes: 'every device is certified by the identity',
    file: 'wallet/sync/devices.ts',
    find: "  return certified ? null : 'certificate'",
    replace: '  return certified ? null : null',
    test: { project: 'integration', file: REAL, title: 'C82: where a ghost stands' },
  },
  {
    attack: 'C81',
    removes: 'parameters are judged before anything is hashed',
    file: 'wallet/vault/account-keys.ts',
    find: '  assertKdfParams(server.kdf)\n',
    replace: '',
    edits: [
      {
        file: 'wallet/vault/passphrase-wrap.ts',
        find: '  assertKdfParams(params.kdf)\n',
        replace: '',
      },
    ],
    test: { project: 'integration', file: REAL, title: 'C81: refuses to hash with parameters' },
  },
  {
    attack: 'C81',
    removes: 'the salt is the one in the vault’s own wrap',
    file: 'wallet/vault/account-keys.ts',
    find: "  if (params.salt !== keys.salt) throw new WalletError('sync.rollback', { reason: 'salt' })\n",
    replace: '',
    test: { project: 'integration', file: REAL, title: 'C81: refuses a salt' },
  },
  {
    attack: 'C83',
    removes: 'a reply has no end that nobody looks at',
    file: 'wallet/sync/call-server.ts',
    find: '    if (sizeBytes > REPLY_LIMIT_BYTES) {',
    replace: '    if (sizeBytes < 0) {',
    test: { project: 'integration', file: REAL, title: 'C83: a reply that is none' },
  },
]
