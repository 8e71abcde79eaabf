/** Everything the toast says. */
export const WORDS = {
  question: (provider: string) => `Keep this ${provider} key in ValetKey?`,
  save: 'Save in ValetKey',
  leave: 'Not this one',
  close: 'Close',
  product: 'ValetKey',
  copied: 'This page copied it. It is tested before it is saved.',
  asked: 'Confirm in the ValetKey window',
  askedMore: 'Nothing is saved until you do.',
  refused: (provider: string) => `ValetKey does not keep this ${provider} key`,
  refusedMore:
    'It can change your whole account, or more than use models. Make a key for models instead.',
  busy: 'Another key is waiting for your answer. Confirm or close its window first.',
  failed: 'ValetKey did not take this key. Reload this page, then save it again.',
  unclear: 'ValetKey cannot tell what this key is. Paste it into ValetKey instead.',
} as const
