import type { RecoveryKit } from '@valetkey/wallet/protocol'

/** The words of the recovery kit and its quiz. */
export const KIT_WORDS = {
  title: 'Keep your recovery kit',
  text: 'If you forget your passphrase, this kit is the only way back in; on another computer it opens a backup. Nobody can make it for you again, and it is shown only now.',
  newTitle: 'Keep your new recovery kit',
  newText:
    'It takes the place of the kit you had, which from now on opens old backups only. The new one is shown only now.',
  lostPasskeys: (count: number) => ({
    message:
      count === 1
        ? 'One passkey no longer opens this vault.'
        : `${count} passkeys no longer open this vault.`,
    action: 'Your passphrase does. Add them again under Security.',
  }),
  secretKey: 'Secret Key',
  secretKeyUse:
    'Together with your passphrase it opens your vault on another computer or from a backup. On this computer the passphrase is enough.',
  recoveryKey: 'Recovery key',
  recoveryKeyUse: 'Opens your vault when the passphrase is forgotten. You then choose a new one.',
  account: 'Account',
  server: 'Server',
  serverUse: 'Where another device finds your vault.',
  qr: 'Secret Key and recovery key as a QR code',
  qrWithServer: 'Server, account, Secret Key and recovery key as a QR code',
  printTitle: 'ValetKey recovery kit',
  print: 'Print',
  save: 'Save as file',
  warning: 'Keep it on paper or in a password manager, away from this computer.',
  kept: 'I kept it',
  quizTitle: 'Is the kit at hand?',
  quizText: 'Type two parts from the paper or file you kept. A part is seven characters.',
  question: (key: string, part: number) => `${key}, part ${String(part)}`,
  missing: 'Type this part from your kit.',
  wrong: 'This is not that part. Count the groups after the first dash.',
  check: 'Go on',
  checking: 'Checking…',
  showAgain: 'Show the kit again',
  later: 'Later',
  reminder: {
    message: 'Your recovery kit is not confirmed.',
    action:
      'Without it nobody opens your vault once the passphrase is forgotten. It takes two minutes.',
    open: 'See to it now',
  },
  fileName: 'valetkey-recovery-kit.txt',
  file: ({ accountId, secretKey, recoveryKey, server }: RecoveryKit) =>
    [
      'ValetKey recovery kit',
      ...(server === undefined ? [] : [`Server\n${server}`]),
      `Account\n${accountId}`,
      `Secret Key\n${secretKey}`,
      'Together with your passphrase it opens your vault on another computer\nor from a backup.',
      `Recovery key\n${recoveryKey}`,
      'Opens your vault when the passphrase is forgotten. You then choose a new one.',
      'Keep this where only you can read it, away from your computer.',
    ].join('\n\n') + '\n',
} as const
