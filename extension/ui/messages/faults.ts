/** The words about a vault that is not whole. */
const entries = (count: number) => (count === 1 ? '1 sealed entry' : `${count} sealed entries`)

export const FAULT_WORDS = {
  title: 'Your vault could not be opened',
  newer: {
    message: 'This vault was written by a newer ValetKey.',
    action: 'Update ValetKey, then open it again. Nothing was changed.',
  },
  damaged: {
    message: 'The start of the vault on this computer cannot be read.',
    action:
      'Nothing was overwritten or deleted. Restart the browser and try again before you do anything else.',
  },
  noWayIn: {
    message: 'The part of the vault that your passphrase opens is missing.',
    action: 'Nothing was overwritten or deleted. Restart the browser and try again.',
  },
  left: (count: number) => `${entries(count)} are still there, and stay as they are.`,
  leftNone: 'Its entries cannot be read either. They stay as they are.',
  useKit: 'Use the recovery kit',
  copyTitle: 'Keep a copy',
  copyText:
    'Saves all that is stored, sealed as it is. Who gets it still needs your passphrase to read it.',
  copy: 'Save a copy of what is there',
  copyDone: 'The copy is in your downloads.',
  copyFile: 'valetkey-damaged-vault.json',
  restoreTitle: 'If you have a backup',
  restoreText:
    'Keep a copy first. Then erase everything below, and choose “Restore a backup” on the page that comes up.',
  entries: {
    message: (count: number) =>
      count === 1
        ? '1 entry of your vault cannot be read.'
        : `${count} entries of your vault cannot be read.`,
    action:
      'It was left as it is, and everything else works. Bring in a backup to make it whole, or make one now of what is readable.',
    open: 'Import and export',
  },
  popup: 'See what is left',
} as const
