/** The words of bringing keys in and taking them out, of backups and of starting again. */
import type { ImportPreviewReply, ImportRefusalReason } from '@valetkey/wallet/protocol'
import type { KeyTestState } from '../key-tests.ts'

const keys = (count: number) => (count === 1 ? '1 key' : `${count} keys`)
const records = (count: number) => (count === 1 ? '1 entry' : `${count} entries`)

const FORMATS: Record<ImportPreviewReply['format'], string> = {
  env: 'a .env file',
  csv: 'a table',
  'bitwarden-json': 'a Bitwarden export',
  '1password-csv': 'a 1Password export',
  'valetkey-csv': 'a table made by ValetKey',
  backup: 'a backup of another vault',
}

const REFUSALS: Record<ImportRefusalReason, { readonly message: string; readonly action: string }> =
  {
    empty: {
      message: 'There is nothing in it.',
      action: 'Choose another file, or paste its text.',
    },
    'too-large': {
      message: 'This is far larger than any list of keys.',
      action: 'It was not read. Take the keys out of it into a smaller file.',
    },
    'not-text': {
      message: 'This file is no text.',
      action: 'Export as CSV, JSON or .env instead. From 1Password, choose CSV, not 1PUX.',
    },
    encrypted: {
      message: 'This export is encrypted, so it cannot be read here.',
      action: 'Export again without encryption, bring it in, and delete the file.',
    },
    'not-understood': {
      message: 'ValetKey does not know this kind of file.',
      action: 'It reads .env files, CSV, and unencrypted Bitwarden exports in JSON.',
    },
    backup: {
      message: 'This is a ValetKey backup.',
      action: 'Choose it as a file: its text alone does not survive pasting.',
    },
  }

export const TRANSFER_WORDS = {
  bringTitle: 'Bring keys in',
  bringOffer: 'Bring keys in from a file',
  bringText:
    'From a .env file, a CSV table, Bitwarden (JSON), 1Password (CSV) or a ValetKey backup. You see what is in it before anything is saved.',
  chooseFile: 'Choose a file…',
  paste: 'Or paste its text',
  look: 'Look at it',
  reading: 'Reading…',
  refusals: REFUSALS,
  found: (count: number, format: ImportPreviewReply['format']) =>
    `${keys(count)} in ${FORMATS[format]}`,
  foundPicked: (count: number) => `${keys(count)} in this text`,
  foundNone: (format: ImportPreviewReply['format']) => `No keys in ${FORMATS[format]}`,
  foundNoneHint: 'Nothing was saved. Choose another file, or add the key by hand.',
  nothingNew: 'Your vault has all of them already.',
  take: (name: string) => `Bring in ${name}`,
  takeAll: 'All new keys',
  unnamed: 'Key without a name',
  place: (place: number) => `line ${place}`,
  archived: 'archived',
  duplicate: (label: string) => `in your vault as “${label}”`,
  repeated: 'stands in the file twice',
  whose: (name: string) => `Provider of ${name}`,
  unsure: 'Whose key is it? Check the provider.',
  more: (count: number) => `Show ${count} more`,
  skippedTitle: (count: number) => `${keys(count)} not brought in`,
  skipped: {
    admin: 'can change your whole account, so ValetKey does not keep it.',
    valet: 'is a valet key made for a site, not a key of a provider.',
  },
  notUnderstood: (count: number) =>
    count === 1 ? '1 place could not be read' : `${count} places could not be read`,
  andMore: (count: number) => `and ${count} more`,
  run: (count: number) => `Bring in ${keys(count)}`,
  running: 'Saving…',
  doneTitle: 'Done',
  done: (count: number) => `${keys(count)} saved.`,
  doneAction: 'Now delete what you took them from: the keys stand in it for everyone to read.',
  doneSkipped: (count: number) => `${keys(count)} were in your vault already.`,
  again: 'Bring in more',
  tests: {
    offer: 'Each provider can be asked whether it takes its key. This costs nothing.',
    start: (count: number) => (count === 1 ? 'Test the key' : `Test the ${count} keys`),
    stop: 'Stop',
    goOn: 'Test the others',
    list: 'Keys that came in',
    progress: (done: number, all: number, counts: Partial<Record<KeyTestState, number>>) => {
      const { works = 0, refused = 0, limited = 0, unreachable = 0, failed = 0 } = counts
      const parts = [
        [works, works === 1 ? 'works' : 'work'],
        [refused, 'not accepted'],
        [limited, 'limited'],
        [unreachable + failed, 'not reached'],
      ] as const
      const found = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
      return `${done} of ${all} tested${found.length > 0 ? `: ${found.join(', ')}` : ''}.`
    },
    states: { waiting: 'Not tested', testing: 'Testing…', failed: 'Could not be tested' },
  },
  showKeys: 'Show my keys',

  backupOpenTitle: 'Open this backup',
  backupOpenText: 'With the passphrase it was made with.',
  secretKeyOptional: 'Secret Key of that time',
  secretKeyOptionalHint: 'Only if the backup is of another vault, or older than your last kit.',
  secretKey: 'Secret Key',
  secretKeyHint: 'VK1- and four groups of seven characters, from your kit.',
  open: 'Open it',
  opening: 'Opening…',
  mergeTitle: (when: string) => `Backup of ${when}`,
  mergeNothing: 'Your vault knows everything that is in it.',
  merge: {
    added: (count: number) => `${records(count)} to add`,
    changed: (count: number) => `${records(count)} where the backup knows something later`,
    repaired: (count: number) => `${records(count)} here are damaged and come back whole`,
    unchanged: (count: number) => `${records(count)} are the same`,
    deleted: (count: number) => `${records(count)} were deleted since, and stay deleted`,
    blocked: (count: number) => `${records(count)} cannot be told apart, and stay as they are`,
  },
  mergeHint: 'Nothing of your vault is taken back: of each entry, the later wins.',
  mergeRun: 'Bring it in',
  mergeDone: 'The backup is in your vault.',

  takeTitle: 'Take keys out',
  takeText: 'All your keys as plain text, for another program.',
  format: 'File',
  formats: { env: '.env', csv: 'CSV table' },
  takeWarning: 'Whoever gets this file can use your keys.',
  takeWarningAction:
    'Keep it only as long as you need it, then delete it. For safekeeping make a backup instead.',
  takeRun: 'Save the keys as a file',
  fileNames: { env: 'valetkey-keys.env', csv: 'valetkey-keys.csv' },
  saving: 'Saving…',
  taken: (count: number) => `${keys(count)} saved to your downloads.`,
  damagedLeft: (count: number) =>
    `${records(count)} could not be read, so they are not in it. They are still in your vault.`,
  passphrase: 'Passphrase',
  passphraseForKeys: 'Passphrase, to take the keys out',
  passphraseForBackup: 'Passphrase, to make the backup',
  passphraseHint: 'Asked again, because the file leaves your vault.',

  backupTitle: 'Backup',
  backupText:
    'One encrypted file with all keys and sites. It opens on any computer with your passphrase and Secret Key of today. Without them nobody can read it.',
  backupRun: 'Save a backup',
  backupFileName: (day: string) => `valetkey-${day}.backup`,
  backupDone: (count: number) => `Backup with ${records(count)} saved to your downloads.`,
  backupDoneAction: 'Keep your Secret Key and passphrase elsewhere: it opens with both only.',

  restoreOffer: 'Restore a backup',
  restoreTitle: 'Restore your vault',
  restoreText: 'From a backup file, with what opened the vault when the backup was made.',
  restoreWay: 'What opens the backup',
  restoreWithPassphrase: 'I know my passphrase',
  restoreWithKit: 'I forgot it',
  restoreNeedsBoth: 'Type the passphrase and the Secret Key first.',
  restoreKitForm: {
    passphrase: 'New passphrase',
    again: 'New passphrase again',
    submit: 'Restore my vault',
    busy: 'Restoring, and sealing everything anew. This takes a moment.',
  },
  wrongKit: {
    message: 'This recovery key does not open the backup.',
    action: 'Use the kit that was in force when the backup was made. Nothing was changed.',
  },
  noKitInIt: {
    message: 'This backup has no recovery key.',
    action: 'It opens with its passphrase and Secret Key only. Nothing was changed.',
  },
  restoreFile: 'Choose the backup…',
  restoreChosen: (name: string) => `Chosen: ${name}`,
  restoreNeedsFile: 'Choose the backup file first.',
  restoreRun: 'Restore my vault',
  restoring: 'Restoring. This takes a moment.',
  noBackup: {
    message: 'This file is no ValetKey backup, or not a whole one.',
    action: 'Nothing was changed. Choose another file.',
  },
  noSecretKey: {
    message: 'This is not a whole Secret Key.',
    action: 'Copy it again from your kit, from VK1- to its last character.',
  },
  wrongCredentials: {
    message: 'These do not open the backup.',
    action:
      'Use the passphrase and Secret Key from the time the backup was made. Nothing was changed.',
  },

  eraseTitle: 'Start again',
  eraseText:
    'Removes your vault, all keys, sites, usage and settings from this browser. Only a backup brings them back.',
  eraseOffer: 'Erase everything…',
  eraseQuestion: 'Type “erase” to remove everything',
  eraseHint: 'Your keys at the providers go on working. Only this browser forgets them.',
  eraseRun: 'Erase everything',
  eraseCancel: 'Keep everything',
  erasing: 'Erasing…',
} as const
