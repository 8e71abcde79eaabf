import type { Edit, Mutant } from './mutant.ts'

const FILE = 'tests/attack/guesses.test.ts'
const MATCHER = 'wallet/proxy/key-matcher.ts'

const BEGINS_A_FORM: Edit = {
  file: MATCHER,
  find: '  /** A pass over one stream with its own position. */',
  replace:
    '  begins(text: string): boolean {\n    return this.#forms.some((form) => form.startsWith(text))\n  }\n',
}

/** What a page may learn of a key by letting the model say parts of it: nothing. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C111',
    removes: 'only a whole key is masked in a stream of events',
    file: MATCHER,
    find: 'const forms = [key, ',
    replace: 'const forms = [key, key.slice(0, 24), ',
    test: { project: 'attack', file: FILE, title: 'C111: an answer as' },
  },
  {
    attack: 'C111',
    removes: 'only a whole key is masked in a body',
    file: MATCHER,
    find: 'const forms = [key, ',
    replace: 'const forms = [key, key.slice(-16), ',
    test: { project: 'attack', file: FILE, title: 'C111: an answer as' },
  },
  {
    attack: 'C111',
    removes: 'what is held back has one length, whatever it is',
    file: MATCHER,
    find: 'const ready = Math.max(0, all.length - (this.#matcher.longest - 1))',
    replace:
      'const seen = latin1Of(all)\n    let hold = Math.min(seen.length, this.#matcher.longest - 1)\n    while (hold > 0 && !this.#matcher.begins(seen.slice(seen.length - hold))) hold -= 1\n    const ready = all.length - hold',
    edits: [BEGINS_A_FORM],
    test: { project: 'attack', file: FILE, title: 'C111: an answer as' },
  },
  {
    attack: 'C111',
    removes: 'an error loses what has a key’s shape, not what is in the key',
    file: 'wallet/proxy/receive.ts',
    find: 'return maskErrorBody(text)',
    replace:
      "return maskErrorBody(text.replace(/[A-Za-z0-9_-]{6,}/g, (word) => sent.secret.includes(word) ? '***' : word))",
    test: { project: 'attack', file: FILE, title: 'C111: an error of status' },
  },
  {
    attack: 'C111',
    removes: 'a header is dropped for a whole key only',
    file: MATCHER,
    find: 'return this.#forms.some((form) => text.includes(form))',
    replace: 'return this.#forms.some((form) => text.includes(form.slice(0, 24)))',
    test: { project: 'attack', file: FILE, title: 'C111: headers bring' },
  },
]
