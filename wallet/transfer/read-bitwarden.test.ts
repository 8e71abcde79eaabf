import { describe, expect, it } from 'vitest'
import { createKey, found, knownKey, previewOf } from './__fixtures__/keys.ts'
import { readImport } from './index.ts'

const groq = createKey('groq')
const openai = createKey('openai')
const anthropic = createKey('anthropic')
const google = createKey('google')

const login = {
  id: 'a',
  type: 1,
  name: 'Groq console',
  notes: null,
  favorite: false,
  fields: [
    { name: 'API key', value: ` ${groq}\n`, type: 1 },
    { name: 'Linked', value: null, type: 3 },
    { name: '', value: google, type: 0 },
  ],
  login: { uris: [{ uri: 'https://console.groq.com' }], username: 'me', password: 'x', totp: null },
}
const note = {
  id: 'b',
  type: 2,
  name: 'AI keys',
  notes: `OpenAI: ${openai}\nClaude="${anthropic}";`,
  secureNote: { type: 0 },
}
const exportOf = (items: unknown) =>
  JSON.stringify({ encrypted: false, folders: [], items }, null, 2)

describe('a Bitwarden export', () => {
  it('gives keys in passwords, user names, fields of the person and notes', () => {
    const text = exportOf([
      login,
      note,
      { ...login, name: 'Password', fields: [], login: { username: google, password: openai } },
    ])

    expect(previewOf(text)).toMatchObject({ format: 'bitwarden-json', notUnderstood: [] })
    expect(found(text)).toEqual([
      [1, 'Groq console: API key', groq],
      [1, 'Groq console', google],
      [2, 'AI keys', openai],
      [2, 'AI keys', anthropic],
      [3, 'Password', openai],
      [3, 'Password', google],
    ])
    expect(previewOf(text).keys.map(({ repeated }) => repeated)).toEqual(
      [false, false, false, false, true, true], // 3 repeats 1 and 2
    )
  })

  it('passes over cards, identities and items without anything of ours', () => {
    const items = [
      { type: 3, name: 'Card', card: { number: '4111' } },
      { type: 4, name: 'Me', identity: { email: 'me@example.com' } },
      { type: 1, name: 'Empty', login: null, fields: null, notes: 7 },
      { type: 1, name: 'Odd', login: { password: 7 }, fields: [null, 'x', { value: {} }] },
    ]

    expect(previewOf(exportOf(items))).toMatchObject({ keys: [], refused: [], notUnderstood: [] })
  })

  it('names the items it cannot read, and reads the others', () => {
    const text = exportOf([null, 7, { type: 1 }, login])

    expect(previewOf(text).notUnderstood).toEqual(
      [1, 2, 3].map((place) => ({ place, reason: 'item' })),
    )
    expect(found(text)).toHaveLength(2)
  })

  it.each([
    ['encrypted', { encrypted: true, passwordProtected: true, data: '2.abc' }],
    ['encrypted', { encrypted: true, items: [{ name: '2.abc' }] }],
    ['not-understood', { encrypted: false, items: {} }],
    ['not-understood', { accounts: [] }],
    ['not-understood', [login]],
  ])('is refused as %s where it is one', (reason, value) => {
    expect(readImport(JSON.stringify(value), [])).toEqual({ kind: 'refused', reason })
  })

  it.each(['{', '{"items":[}', '[1,2', '{"items": [] } x', "{'items': []}"])(
    'is refused where it is no JSON: %s',
    (text) => {
      expect(readImport(text, [])).toEqual({ kind: 'refused', reason: 'not-understood' })
    },
  )

  it('may name members of every object without reaching any (C83)', () => {
    const text = `{"__proto__": {"polluted": 1}, "items": [{"name": "constructor", "__proto__": {"login": {"password": "${groq}"}}, "fields": [{"name": "__proto__", "value": "${openai}"}]}]}`

    expect(found(text)).toEqual([[1, 'constructor: __proto__', openai]])
    expect(previewOf(text, [knownKey(openai, '__proto__')]).keys[0]?.duplicateOf?.label).toBe(
      '__proto__',
    )
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
