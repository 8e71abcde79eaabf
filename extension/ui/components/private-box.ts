/** For a box whose text is nobody else's: nothing spell-checks or corrects it, no password extension keeps it. */
export const PRIVATE_BOX = {
  spellCheck: false,
  autoCapitalize: 'off',
  autoCorrect: 'off',
  'data-1p-ignore': '',
  'data-lpignore': 'true',
  'data-bwignore': '',
  'data-form-type': 'other',
} as const
