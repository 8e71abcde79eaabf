import { describe, expect, it } from 'vitest'
import { createKey, found, free, previewOf } from './__fixtures__/keys.ts'

const groq = createKey('groq')
const openai = createKey('openai')

describe('.env text', () => {
  it.each([
    ['bare', `GROQ_API_KEY=${groq}`],
    ['with blanks around', `  GROQ_API_KEY  =   ${groq}   `],
    ['exported', `export GROQ_API_KEY=${groq}`],
    ['in double quotes', `GROQ_API_KEY="${groq}"`],
    ['in single quotes', `GROQ_API_KEY='${groq}'`],
    ['in back quotes', `GROQ_API_KEY=\`${groq}\``],
    ['before a comment', `GROQ_API_KEY=${groq} # the work one`],
    ['quoted before a comment', `GROQ_API_KEY="${groq}"   # the work one`],
    ['with a colon', `GROQ_API_KEY: ${groq}`],
    ['with Windows line ends', `GROQ_API_KEY=${groq}\r\n`],
    ['with old Mac line ends', `GROQ_API_KEY=${groq}\r`],
    ['with a byte order mark', `\ufeffGROQ_API_KEY=${groq}`],
  ])('gives a key that stands %s', (_, text) => {
    expect(found(text)).toEqual([[1, 'GROQ_API_KEY', groq]])
    expect(previewOf(text)).toMatchObject({ format: 'env', refused: [], notUnderstood: [] })
  })

  it('is read line by line, past comments, blanks and what is no key', () => {
    const text = [
      '# a comment with an = in it',
      '',
      'DATABASE_URL=postgres://user:pass@host/db',
      `A.KEY-1='${groq}'`,
      'EMPTY=',
      'DEBUG=true',
      `MODEL="gpt" # ${openai}`,
      `OPENAI_API_KEY=${openai}`,
    ].join('\n')

    expect(found(text)).toEqual([
      [4, 'A.KEY-1', groq],
      [8, 'OPENAI_API_KEY', openai],
    ])
    expect(previewOf(text).notUnderstood).toEqual([])
  })

  it('may have values of several lines, and counts those lines', () => {
    const text = `CERT="-----BEGIN\n${free('x', 20)}\n-----END"\nTWO='a\nb' # end\nK=${groq}`

    expect(found(text)).toEqual([[6, 'K', groq]])
    expect(previewOf(text).notUnderstood).toEqual([])
  })

  it('escapes in double quotes only', () => {
    const named = (value: string) => previewOf(`GROQ_API_KEY=${value}`).keys[0]?.secret

    expect(named(String.raw`"ab\"cd\\ef\$gh"`)).toBe(String.raw`ab"cd\ef$gh`)
    expect(named(String.raw`'ab\\cdefgh'`)).toBe(String.raw`ab\\cdefgh`)
    expect(named(String.raw`'abcdefgh\'`)).toBe(String.raw`abcdefgh${'\\'}`)
    expect(named(String.raw`"abcdefgh\q"`)).toBe(String.raw`abcdefgh\q`)
  })

  it('keeps a # inside a value', () => {
    expect(previewOf('GROQ_API_KEY=abcdefgh#ij').keys[0]?.secret).toBe('abcdefgh#ij')
  })

  it('is taken literally: nothing is substituted or run', () => {
    const text = 'GROQ_API_KEY=$(cat~/.ssh/id)\nOPENAI_API_KEY="${GROQ_API_KEY}"'

    expect(found(text).map(([, , secret]) => secret)).toEqual([
      '$(cat~/.ssh/id)',
      '${GROQ_API_KEY}',
    ])
  })

  it('names the lines it cannot read, and reads the others', () => {
    const text = [
      'what is this',
      `A="${groq}" and more`,
      '= value',
      `B=${openai}`,
      `C="never closed ${groq}`,
      `D=${groq}`,
    ].join('\n')

    expect(found(text)).toEqual([
      [4, 'B', openai],
      [6, 'D', groq],
    ])
    expect(previewOf(text).notUnderstood).toEqual([
      { place: 1, reason: 'no-assignment' },
      { place: 2, reason: 'text-after-quote' },
      { place: 3, reason: 'no-assignment' },
      { place: 5, reason: 'quote-not-closed' },
    ])
  })

  it('may be nothing but keys, one on each line', () => {
    expect(found(`${groq}\n  ${openai}\n`)).toEqual([
      [1, '', groq],
      [2, '', openai],
    ])
  })

  it('takes the name of a key from a comment of ours, for the next key only', () => {
    const text = `# ValetKey: Work, "the big" one\nGROQ_API_KEY=${groq}\nOPENAI_API_KEY=${openai}`

    expect(found(text)).toEqual([
      [2, 'Work, "the big" one', groq],
      [3, 'OPENAI_API_KEY', openai],
    ])
  })
})
