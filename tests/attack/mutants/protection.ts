import type { Mutant } from './mutant.ts'

const PROTECTION = 'extension/background/protection.ts'
const SESSION = 'extension/background/vault-session.ts'
const TESTS = 'extension/background/protection.test.ts'

/** What opens the vault and when it locks, changed by who is not asked. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C116',
    removes: 'a wrong answer does not pass the quiz',
    file: 'extension/ui/components/kit-quiz-form.tsx',
    find: 'if (!busy && right.every(Boolean)) onPassed()',
    replace: 'if (!busy && right.length > 0) onPassed()',
    test: {
      project: 'e2e',
      file: 'tests/e2e/recovery-kit.test.ts',
      title: 'is not confirmed by a wrong answer or none (C116)',
    },
  },
  {
    attack: 'C116',
    removes: 'a kit goes from the screen when the vault locks',
    file: 'extension/ui/hooks/use-made-kit.ts',
    find: "if (seen === 'unlocked') setMade(null)",
    replace: "if (seen === 'damaged') setMade(null)",
    test: {
      project: 'e2e',
      file: 'tests/e2e/auto-lock.test.ts',
      title: 'takes a kit off the screen when it locks (C116)',
    },
  },
  {
    attack: 'C116',
    removes: 'a kit is kept only once its quiz was passed',
    file: PROTECTION,
    find: 'return mark !== null && isKitInForce(vault.store, mark)',
    replace: 'return mark === null || isKitInForce(vault.store, mark)',
    test: { project: 'unit', file: TESTS, title: 'is not kept before its quiz was passed' },
  },
  {
    attack: 'C116',
    removes: 'a kit that was replaced is no longer kept',
    file: PROTECTION,
    find: 'return mark !== null && isKitInForce(vault.store, mark)',
    replace: 'return mark !== null',
    test: {
      project: 'unit',
      file: TESTS,
      title: 'is not kept any more once another took its place',
    },
  },
  {
    attack: 'C116',
    removes: 'only the kit in force is confirmed',
    file: 'wallet/vault/kit-mark.ts',
    find: 'const { wrap, entry } = openRecoveryWrap(await readWraps(store), recoveryKey)',
    replace:
      "const { rows } = await readWraps(store)\n  const wrap = rows.find(({ method }) => method === 'recovery') ?? rows[0]\n  const entry = { rootKey: recoveryKey }\n  if (!wrap) throw new TypeError('no row')",
    test: {
      project: 'unit',
      file: TESTS,
      title: 'is not kept any more once another took its place',
    },
  },
  {
    attack: 'C116',
    removes: 'a kit is written nowhere outside the vault',
    file: PROTECTION,
    find: '    return kitOf(await attempts.run(() => renewRecoveryKey(vault, passphrase)))',
    replace:
      '    const made = await attempts.run(() => renewRecoveryKey(vault, passphrase))\n    await this.#ports.phrase.write(made.recoveryKeyText)\n    return kitOf(made)',
    test: {
      project: 'unit',
      file: 'extension/background/handlers/vault.test.ts',
      title: 'and is written nowhere in clear (C116)',
    },
  },
  {
    attack: 'C116',
    removes: 'a kit comes from an open vault alone',
    file: PROTECTION,
    find: '    await session.required()\n    return kitOf(',
    replace: '    session.isReauthenticated()\n    return kitOf(',
    test: { project: 'unit', file: TESTS, title: 'comes anew for the passphrase alone' },
  },
  {
    attack: 'C84',
    removes: 'who guesses by asking for a kit has to wait',
    file: PROTECTION,
    find: 'await attempts.run(() => renewRecoveryKey(vault, passphrase))',
    replace: 'await (attempts && renewRecoveryKey(vault, passphrase))',
    test: { project: 'unit', file: TESTS, title: 'guesses at a kit have to wait' },
  },
  {
    attack: 'C84',
    removes: 'who guesses by changing the passphrase has to wait',
    file: PROTECTION,
    find: 'await attempts.run(() => changePassphrase(vault, change))',
    replace: 'await (attempts && changePassphrase(vault, change))',
    test: { project: 'unit', file: TESTS, title: 'waits after wrong guesses at the old one' },
  },
  {
    attack: 'C84',
    removes: 'who guesses at the kit has to wait',
    file: PROTECTION,
    find: 'const renewed = await attempts.run(() =>\n      recoverVault(vault, { recoveryKeyText, newPassphrase, ...(open && { open }) }),\n    )',
    replace:
      'const renewed = await (attempts &&\n      recoverVault(vault, { recoveryKeyText, newPassphrase, ...(open && { open }) }))',
    test: { project: 'unit', file: TESTS, title: 'takes no whole but wrong kit for long' },
  },
  {
    attack: 'C116',
    removes: 'recovery makes a new Secret Key',
    file: 'wallet/vault/renew-vault.ts',
    find: '      secretKey: toBase64url(random(SECRET_KEY_BYTES)),\n',
    replace: '',
    test: { project: 'unit', file: TESTS, title: 'leaves nothing of the old ways in' },
  },
  {
    attack: 'C116',
    removes: 'a passkey is added with the passphrase alone',
    file: PROTECTION,
    find: "    if (!session.isReauthenticated()) return { outcome: 'passphrase-needed' }\n    const answer",
    replace: '    const answer',
    test: { project: 'unit', file: TESTS, title: 'is added by who entered the passphrase' },
  },
  {
    attack: 'C116',
    removes: 'a passkey that was removed opens nothing',
    file: PROTECTION,
    find: 'await removePasskey(vault, open, credentialId)',
    replace: 'void [removePasskey, vault, credentialId]',
    test: {
      project: 'unit',
      file: TESTS,
      title: 'opens the vault for as long as it is not removed',
    },
  },
  {
    attack: 'C116',
    removes: 'the phrase is changed with the passphrase alone',
    file: PROTECTION,
    find: "    if (!session.isReauthenticated()) return { outcome: 'passphrase-needed' }\n    await this.#ports.phrase",
    replace: '    await this.#ports.phrase',
    test: { project: 'unit', file: TESTS, title: 'is chosen with the passphrase' },
  },
  {
    attack: 'C116',
    removes: 'locking later asks for the passphrase',
    file: PROTECTION,
    find: 'if (isLater(next, before) && !session.isReauthenticated())',
    replace: 'if (isLater(next, before) && session.isReauthenticated() && next === before)',
    test: { project: 'unit', file: TESTS, title: 'for the passphrase alone (C116)' },
  },
  {
    attack: 'C116',
    removes: 'not locking with the screen is locking later',
    file: PROTECTION,
    find: '    (before.withScreen && !next.withScreen)\n',
    replace: '    (before.withScreen && !before.withScreen)\n',
    test: { project: 'unit', file: TESTS, title: 'for the passphrase alone (C116)' },
  },
  {
    attack: 'C116',
    removes: 'long periods end with the last passkey',
    file: PROTECTION,
    find: '    await this.shortenLock()\n    // Whatever is left',
    replace: '    // Whatever is left',
    test: { project: 'unit', file: TESTS, title: 'is later than usual for a vault with a passkey' },
  },
  {
    attack: 'C116',
    removes: 'a shorter period counts for the vault that is open',
    file: SESSION,
    find: '      const lockAt = cached.lockAt - before.absoluteMs + after.absoluteMs\n',
    replace: '      const lockAt = cached.lockAt - 0 * (before.absoluteMs - after.absoluteMs)\n',
    test: { project: 'unit', file: TESTS, title: 'is after the hours chosen' },
  },
  {
    attack: 'C116',
    removes: 'the screen locks the vault',
    file: PROTECTION,
    find: "return state === 'locked' ? withScreen : state !== 'active'",
    replace: "return state === 'locked' ? !withScreen : state !== 'active'",
    test: { project: 'unit', file: TESTS, title: 'is when the person is away' },
  },
]
