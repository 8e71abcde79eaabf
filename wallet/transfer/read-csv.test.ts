import { describe, expect, it } from 'vitest'
import { createKey, found, previewOf } from './__fixtures__/keys.ts'

const groq = createKey('groq')
const openai = createKey('openai')
const anthropic = createKey('anthropic')

const onePassword = [
  'Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes',
  `Groq,https://console.groq.com,me@example.com,${groq},,false,false,,`,
  'My bank,https://bank.example,me,correct horse,otpauth://totp/x,true,false,money,',
  `"OpenAI, work",https://platform.openai.com,me,hunter2,,false,false,"ai;work","The key is`,
  `""${openai}"".`,
  'Do not share it."',
].join('\n')

describe('CSV text', () => {
  it('of 1Password gives the keys among passwords and in notes, under the title', () => {
    expect(previewOf(onePassword)).toMatchObject({ format: '1password-csv', notUnderstood: [] })
    expect(found(onePassword)).toEqual([
      [2, 'Groq', groq],
      [4, 'OpenAI, work', openai],
    ])
  })

  it.each([
    ['Windows line ends', onePassword.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${onePassword}`],
    ['headings in capitals', onePassword.replace(/^[^\n]+/, (head) => head.toUpperCase())],
  ])('may have %s', (_, text) => {
    expect(previewOf(text).format).toBe('1password-csv')
    expect(found(text)).toEqual(found(onePassword))
  })

  it.each([
    ['commas', ','],
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['bars', '|'],
  ])('may be separated by %s', (_, separator) => {
    const text = [
      ['note', 'key', 'name'],
      ['a', groq, 'Work'],
      ['b', openai, 'Home'],
    ]
      .map((cells) => cells.join(separator))
      .join('\n')

    expect(previewOf(text).format).toBe('csv')
    expect(found(text)).toEqual([
      [2, 'Work', groq],
      [3, 'Home', openai],
    ])
  })

  it('of Bitwarden gives them by its name column', () => {
    const text = [
      'folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password',
      `,,login,Claude,,"other: x\napi: ${anthropic}",0,,me,not-a-key`,
    ].join('\n')

    expect(found(text)).toEqual([[2, 'Claude', anthropic]])
  })

  it('needs no heading', () => {
    expect(found(`1,${groq}\n2,${openai}`)).toEqual([
      [1, '', groq],
      [2, '', openai],
    ])
  })

  it('never takes a password of a provider account for a key', () => {
    const text = [
      'Title,Url,Username,Password,OTPAuth',
      'OpenAI,https://platform.openai.com,me,a-long-account-password-1234,',
    ].join('\n')

    expect(previewOf(text)).toMatchObject({ keys: [], refused: [], notUnderstood: [] })
  })

  it('names the row in which a quote is left open', () => {
    const text = `name,key\nWork,${groq}\nHome,"${openai}\n`

    expect(previewOf(text).notUnderstood).toEqual([{ place: 3, reason: 'quote-not-closed' }])
    expect(found(text)).toContainEqual([2, 'Work', groq])
  })

  it('with ragged rows and stray quotes still gives its keys', () => {
    expect(found(`name,key\nA "b" c,${groq}\n\nHome\nToo,many,cells,${openai},here`)).toEqual([
      [2, 'A "b" c', groq],
      [5, 'Too', openai],
    ])
  })
})
