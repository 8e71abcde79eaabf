/** The words of the dashboard’s About section. */
export const ABOUT_WORDS = {
  title: 'Diagnostics for a bug report',
  text: 'Numbers, versions and error codes. No key, no prompt and no answer is ever in it. Read it first: this is all that is copied, and nothing is sent.',
  sites: 'Add the sites you allowed',
  labels: 'Add the names you gave your keys',
  copy: 'Copy diagnostics',
  shown: 'What will be copied',
} as const
