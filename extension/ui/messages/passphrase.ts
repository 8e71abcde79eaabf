import type { StrengthReason } from '@valetkey/wallet/vault/strength'

/** The words of a passphrase being chosen. */
export const NEW_PASSPHRASE_WORDS = {
  show: 'Show what I type',
  suggest: 'Suggest a passphrase',
  suggestHint: 'Six random words. Write them down before you go on, and type them once more.',
  start: (minimum: number) => `At least ${minimum} characters.`,
  short: (missing: number) =>
    missing === 1 ? '1 more character needed.' : `${missing} more characters needed.`,
  repeated: 'This repeats the same few characters. Mix in different words.',
  judging: 'Looking how hard it is to guess…',
  once: 'Type it once more.',
  differs: 'The two are not the same yet.',
  same: 'Both are the same.',
  weakQuestion:
    'This passphrase is easy to guess. Whoever steals this computer could open your vault with it.',
  weakYes: 'Use it anyway',
  weakNo: 'Choose another',
  strength: {
    short: 'Too short.',
    common: 'Many people use this one. Take unrelated words.',
    word: 'One word alone is guessed quickly. Add unrelated words.',
    names: 'Names are guessed quickly. Add unrelated words.',
    dates: 'Dates are guessed quickly. Add unrelated words.',
    keyboard: 'Rows of keys are guessed quickly. Take unrelated words.',
    sequence: 'Sequences are guessed quickly. Take unrelated words.',
    repeat: 'This repeats itself. Mix in different words.',
    yours: 'This is well known. Take words that only you would put together.',
    guessable: 'Easy to guess. Add unrelated words.',
    fair: 'Fair. One more word would make it good.',
    good: 'Good: hard to guess.',
    strong: 'Strong: out of reach for guessing.',
  } satisfies Record<StrengthReason, string>,
} as const

/** The way back in for who forgot the passphrase. */
export const RECOVER_WORDS = {
  title: 'Open your vault with the recovery kit',
  text: 'Nobody can reset a passphrase, only your kit opens the vault. Everything else is then made new: passphrase, Secret Key, recovery key. Passkeys and other devices have to be added again.',
  recoveryKey: 'Recovery key',
  recoveryKeyHint: 'The long one on your kit. It begins with VR1.',
  form: {
    passphrase: 'New passphrase',
    again: 'New passphrase again',
    submit: 'Open my vault',
    busy: 'Opening your vault and sealing everything anew. This takes a moment.',
  },
  missing: 'Type the recovery key of your kit first.',
  alone: {
    label: 'Open it here without its server',
    text: 'Nothing was changed. Without its server this device goes on alone; the server and your other devices keep what they have, under the old passphrase.',
  },
  mistyped: {
    message: 'This is not a whole recovery key.',
    action: 'Compare it with your kit, part by part: eight groups of seven after VR1.',
  },
  secretKeyTyped: {
    message: 'This is your Secret Key, the short one.',
    action: 'Type the recovery key beside it, which begins with VR1.',
  },
  wrong: {
    message: 'This recovery key does not open this vault.',
    action: 'A newer kit took its place, or it is another vault’s. Nothing was changed.',
  },
  none: {
    message: 'This vault has no recovery key.',
    action: 'It was made before there were any. Only its passphrase opens it.',
  },
  back: 'Back to the passphrase',
} as const
