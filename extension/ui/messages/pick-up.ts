/** Words of the popup about the key page of a provider. */
export const PICK_UP_WORDS = {
  title: 'New keys',
  always: 'ValetKey offers to keep keys that this page shows.',
  on: 'ValetKey picks keys up here',
  off: 'Pick keys up here',
  offHint:
    'When this page shows a new key, ValetKey offers to keep it. Your browser asks you first.',
  onHint: 'When this page shows a new key, ValetKey offers to keep it.',
  denied: 'Your browser did not give ValetKey access to this page. Nothing was changed.',
} as const
