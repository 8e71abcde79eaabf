/** What the window says that saves a key picked up on a page. */
import type { CaptureVia, KeyTest, NoKeyReason } from '@valetkey/wallet/protocol'

interface Told {
  readonly message: string
  readonly action: string
}

export const CAPTURE_WORDS = {
  title: 'Save this key?',
  question: (provider: string) => `${provider} key`,
  from: {
    page: (host: string) => `Shown on ${host}`,
    copy: (host: string) => `Copied on ${host}`,
    selection: (host: string) => `From your selection on ${host}`,
  } satisfies Record<CaptureVia, (host: string) => string>,
  fromNowhere: 'From your selection',

  lockedTitle: 'Unlock ValetKey to save it',
  noVault: {
    message: 'You have no vault yet.',
    action: 'Create it first, then copy the key once more.',
  },
  createVault: 'Create your vault',

  /** C58: a key that was put there by somebody else. */
  planted: (others: number, provider: string) => {
    const onlyIf =
      'only if you just created it: somebody else’s key would show them what your apps send.'
    if (others === 0) return `Keep it ${onlyIf}`
    return `You have ${others === 1 ? 'one' : String(others)} ${provider} ${others === 1 ? 'key' : 'keys'} already. Keep this one ${onlyIf}`
  },

  testing: (provider: string) => `Asking ${provider} whether it works…`,
  testAgain: 'Test it again',
  allowTest: 'Allow and test',
  noAccess: (provider: string): Told => ({
    message: `It is not tested yet: Chrome has to let ValetKey reach ${provider}.`,
    action: 'The test costs nothing.',
  }),
  accessDenied: (provider: string): Told => ({
    message: `Chrome was not allowed to reach ${provider}.`,
    action: 'Without it the key can be neither tested nor used. Press again and allow it.',
  }),
  tests: {
    works: (provider) => ({ message: `It works: ${provider} accepts this key.`, action: '' }),
    refused: (provider) => ({
      message: `${provider} does not accept this key.`,
      action: 'A new key sometimes needs a minute. Copy it whole, or test it again.',
    }),
    limited: (provider) => ({
      message: `${provider} knows this key, but asks to slow down.`,
      action: 'Check its limit or credit on the provider’s site.',
    }),
    unreachable: (provider) => ({
      message: `${provider} could not be reached, so the key is not tested.`,
      action: 'Check your connection and test it again.',
    }),
  } satisfies Record<KeyTest['outcome'], (provider: string) => Told>,
  /** C59 */
  copyNeedsTest:
    'The page handed this key to the clipboard without showing it, so it is saved only once it works.',

  duplicate: (label: string): Told => ({
    message: `You have this key already: ${label}.`,
    action: 'There is nothing to save.',
  }),
  needsPlace: (provider: string): Told => ({
    message: `A key of ${provider} goes with an address of your own.`,
    action: 'Copy the key and add it under Keys, where you can type both.',
  }),
  openKeys: 'Open my keys',

  name: 'Name',
  nameHint: 'Only you see this name.',
  datedName: (day: string) => `Key of ${day}`,
  expires: 'Expires on',
  expiresHint: 'If you gave it a last day. ValetKey reminds you.',
  sites: 'Use it for',
  noSites: 'No site yet',
  chosenSites: (count: number) => (count === 1 ? '1 site' : `${count} sites`),
  sitesHint: (provider: string) => `They go on to this key when their ${provider} key is refused.`,

  forgottenIn: (time: string) => `Forgotten in ${time}`,
  save: 'Save key',
  saveAnyway: 'Save it anyway',
  saving: 'Saving…',
  discard: 'Don’t save',
  close: 'Close',
  done: 'Done',

  forgotten: {
    message: 'This key is forgotten.',
    action:
      'Nothing was saved. Copy it once more on the provider’s page, or create a new one there.',
  },

  savedTitle: 'Saved',
  saved: (name: string) => `Saved in your vault: ${name}.`,
  savedRefused: (provider: string) =>
    `${provider} does not accept it yet. Test it again under Keys.`,
  savedUntested: 'It is not tested. Test it under Keys.',
  savedSites: (hosts: string) => `${hosts} can use it now.`,
  leftOut: (hosts: string) => `${hosts} could not be given the key. Add it there under Apps.`,
  next: 'To use it: open a web app that takes an API key, click the ValetKey icon and switch it on.',

  /** C56 */
  lookalike: {
    message: (host: string) => `This is not ${host}.`,
    action: (host: string, provider: string) =>
      `The page you are on is ${host}. It may only look like ${provider}’s: type no password and no key there.`,
    open: (host: string) => `Open ${host}`,
    goOn: 'I know this page',
  },

  selection: {
    none: {
      message: 'No key in what you selected.',
      action: 'Select the whole key, from its first to its last character, and try again.',
    },
    several: {
      message: 'There is more than one key in what you selected.',
      action: 'Select one, or take them all in under Import and export.',
    },
    admin: {
      message: 'This key can change your whole account, so ValetKey does not keep it.',
      action: 'Make an ordinary API key and save that one.',
    },
    valet: {
      message: 'This is a valet key that ValetKey made for a site.',
      action: 'The key behind it is in your vault already.',
    },
  } satisfies Record<NoKeyReason, Told>,
  openImport: 'Open Import and export',
} as const
