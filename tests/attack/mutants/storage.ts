import type { Mutant } from './mutant.ts'

const ENVELOPE = 'wallet/crypto/envelope.test.ts'
const KEYS = 'wallet/crypto/keys.test.ts'
const VAULT = 'wallet/vault/vault.test.ts'
const OPEN_VAULT = 'wallet/vault/open-vault.test.ts'
const STORE = 'tests/contract/vault-store.test.ts'

/** What lies on the disk: envelopes, rows, databases, and the randomness they rest on. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C77',
    removes: 'the commitment is compared before anything is opened',
    file: 'wallet/crypto/envelope.ts',
    find: 'if (!equalBytes(commitment, found)) {',
    replace: 'if (found.length === 0) {',
    test: { project: 'unit', file: ENVELOPE, title: 'never opens with a bit flipped (C77)' },
  },
  {
    attack: 'C77',
    removes: 'comparing bytes compares all of them',
    file: 'wallet/crypto/bytes.ts',
    find: 'difference |= ',
    replace: 'difference = ',
    test: { project: 'unit', file: ENVELOPE, title: 'never opens with a bit flipped (C77)' },
  },
  {
    attack: 'C78',
    removes: 'an envelope is bound to its record',
    file: 'wallet/crypto/envelope.ts',
    find: '    lp(fromBase64url(row.recordId)),\n',
    replace: '',
    test: { project: 'unit', file: ENVELOPE, title: 'never opens in a row of another' },
  },
  {
    attack: 'C78',
    removes: 'an envelope is bound to its vault',
    file: 'wallet/crypto/envelope.ts',
    find: '    lp(fromBase64url(vaultId)),\n',
    replace: '',
    test: { project: 'unit', file: ENVELOPE, title: 'never opens in another vault' },
  },
  {
    attack: 'C78',
    removes: 'an envelope opens as what it was sealed as',
    file: 'wallet/crypto/envelope.ts',
    find: "if (typeNumber !== ENVELOPE_TYPES[type]) throw new WalletError('vault.corrupt')",
    replace: '',
    test: { project: 'unit', file: ENVELOPE, title: 'never opens in another vault' },
  },
  {
    attack: 'C78',
    removes: 'a store that answers with another row is not believed',
    file: 'wallet/vault/open-vault.ts',
    find: "if (row.recordId !== id) throw new WalletError('vault.corrupt')",
    replace: '',
    test: { project: 'unit', file: OPEN_VAULT, title: 'cannot move, rewind, revive or delete' },
  },
  {
    attack: 'C78',
    removes: 'a key goes to its own provider only',
    file: 'wallet/proxy/run-call.ts',
    find: 'if (key.provider === provider.id) return key',
    replace: 'if (key.provider !== undefined) return key',
    test: {
      project: 'unit',
      file: 'wallet/proxy/run-call.test.ts',
      title: 'another provider’s is never sent (C78)',
    },
  },
  {
    attack: 'C79',
    removes: 'the key is compared before anything is opened',
    file: 'wallet/crypto/envelope.ts',
    find: 'if (!equalBytes(commitment, found)) {',
    replace: 'if (found.length === 0) {',
    test: {
      project: 'unit',
      file: 'wallet/crypto/two-keys.test.ts',
      title: 'no more of the second key than of any other (C79)',
    },
  },
  {
    attack: 'C80',
    removes: 'a tombstone counts only if it is sealed as one',
    file: 'wallet/crypto/envelope.ts',
    find: '    u8(row.del),\n',
    replace: '',
    edits: [
      {
        file: 'wallet/vault/record-row.ts',
        find: "if (Object.keys(opened).length > 0) throw new WalletError('vault.corrupt')",
        replace: '',
      },
    ],
    test: { project: 'unit', file: OPEN_VAULT, title: 'cannot move, rewind, revive or delete' },
  },
  {
    attack: 'C80',
    removes: 'an envelope is bound to its revision',
    file: 'wallet/crypto/envelope.ts',
    find: '    u64(row.rev),\n',
    replace: '',
    test: { project: 'unit', file: OPEN_VAULT, title: 'cannot move, rewind, revive or delete' },
  },
  {
    attack: 'C81',
    removes: 'hash parameters have a floor',
    file: 'wallet/crypto/kdf-params.ts',
    find: 'Number(value) >= least && ',
    replace: '',
    test: { project: 'unit', file: KEYS, title: 'are refused before hashing (C81)' },
  },
  {
    attack: 'C81',
    removes: 'hash parameters have a cap',
    file: 'wallet/crypto/kdf-params.ts',
    find: ' && Number(value) <= most',
    replace: '',
    test: { project: 'unit', file: KEYS, title: 'are refused before hashing (C81)' },
  },
  {
    attack: 'C85',
    removes: 'rows without a header are a damaged vault',
    file: 'wallet/vault/header.ts',
    find: "return (await store.readRows()).length > 0 ? 'damaged' : 'none'",
    replace: "return 'none'",
    test: { project: 'unit', file: VAULT, title: 'that lost its header (C85)' },
  },
  {
    attack: 'C85',
    removes: 'a database that lacks a table is not mended',
    file: 'extension/adapters/dexie-connection.ts',
    find: 'if (found === undefined) {',
    replace: 'if (found === undefined || found.version === 10) {',
    test: { project: 'integration', file: STORE, title: 'and adds nothing to it (C85)' },
  },
  {
    attack: 'C85',
    removes: 'a database of a later version is not opened',
    file: 'extension/adapters/dexie-connection.ts',
    find: '(found.version ?? 0) >= (shape.version + 1) * NATIVE_FACTOR',
    replace: 'found.version === 0',
    test: { project: 'integration', file: STORE, title: 'a database of a later version' },
  },
  {
    attack: 'C86',
    removes: 'a vault is made in one commit',
    file: 'wallet/vault/create-vault.ts',
    find: 'await ports.store.commit({ header, rows, expected, epoch: null })',
    replace:
      'await ports.store.commit({ header, rows: [], expected: new Map(), epoch: null }); await ports.store.commit({ rows, expected, epoch })',
    test: { project: 'unit', file: VAULT, title: 'at whichever write (C86)' },
  },
  {
    attack: 'C87',
    removes: 'a commit is on the disk before it counts',
    file: 'extension/adapters/dexie-connection.ts',
    find: ", { chromeTransactionDurability: 'strict' }",
    replace: '',
    test: { project: 'integration', file: STORE, title: 'strict durability at every commit' },
  },
  {
    attack: 'C89',
    removes: 'a generator that repeats itself is refused',
    file: 'wallet/crypto/random.ts',
    find: 'drawn.length !== sizeBytes || stuck || equalBytes(drawn, next)',
    replace: 'drawn.length !== sizeBytes',
    test: { project: 'unit', file: KEYS, title: 'from a generator that is stuck (C89)' },
  },
  {
    attack: 'C89',
    removes: 'a nonce is a checked draw',
    file: 'wallet/crypto/envelope.ts',
    find: 'const nonce = drawBytes(random, NONCE)',
    replace: 'const nonce = random(NONCE)',
    test: { project: 'unit', file: ENVELOPE, title: '(C89)' },
  },
  {
    attack: 'C89',
    removes: 'a vault is made with a checked generator',
    file: 'wallet/vault/create-vault.ts',
    find: 'const random = checkedRandom(ports.random)',
    replace: 'const random = ports.random',
    edits: [
      {
        file: 'wallet/crypto/random.ts',
        find: 'drawn.length !== sizeBytes || stuck || equalBytes(drawn, next)',
        replace: 'drawn.length !== sizeBytes',
      },
    ],
    test: { project: 'unit', file: VAULT, title: 'refuses a generator that is stuck (C89)' },
  },
]
