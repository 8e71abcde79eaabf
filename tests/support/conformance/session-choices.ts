/** Where a session's `fetch` differs on purpose from the browser's, beside what the shim chose already. */
import type { ConformanceCase } from './case.ts'

/** Cases about the page's own `fetch`, with the reason why a session has nothing like it. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  'a call the wallet passes is the browser’s own':
    'A session sends nothing past the wallet: what the wallet does not serve is refused.',
}

/** By the title of the case. */
export const SESSION_CHOICES: Readonly<
  Record<string, NonNullable<ConformanceCase['choice']> | undefined>
> = {
  'name, length and receiver of fetch': {
    reason:
      'A function of the session, handed to libraries without a receiver; nobody reads its name.',
    ours: ['', 0, 'null'],
  },
}
