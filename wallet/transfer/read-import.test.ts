import { describe, expect, it } from 'vitest'
import { createValetKey } from '../protocol/index.ts'
import { PROVIDERS } from '../providers/index.ts'
import { createSeededRandom } from '../testing/index.ts'
import { createKey, free, knownKey, previewOf } from './__fixtures__/keys.ts'
import { importedFields, previewBackupKeys, readImport, type ExportedKey } from './index.ts'

const groq = createKey('groq')
const openai = createKey('openai')

describe('a preview', () => {
  it('says whose key each one is, and shows no more of it than its beginning and its end', () => {
    const text = [groq, openai, createKey('anthropic'), createKey('google')].join('\n')
    const { keys } = previewOf(text)

    expect(keys.map(({ provider, form, sure }) => [provider, form, sure])).toEqual([
      ['groq', 'api', true],
      ['openai', 'project', true],
      ['anthropic', 'api', true],
      ['google', 'auth-key', true],
    ])
    for (const { masked, secret } of keys) {
      const [start = '', end = ''] = masked.split('…')
      expect([start.length, end.length]).toEqual([7, 4])
      expect(secret.startsWith(start) && secret.endsWith(end)).toBe(true)
    }
  })

  it('shows nothing at all of a short value', () => {
    expect(previewOf('OPENAI_API_KEY=short-and-secret').keys[0]?.masked).toBe('…')
  })

  it('names the key of the vault that is the same, and what the file repeats', () => {
    const text = `A=${groq}\nB=${openai}\nC=${groq}`
    const { keys } = previewOf(text, [knownKey(openai, 'Work'), knownKey('other', 'Home')])

    expect(keys.map(({ duplicateOf, repeated }) => [duplicateOf, repeated])).toEqual([
      [null, false],
      [{ id: 'id of Work', label: 'Work' }, false],
      [null, true],
    ])
  })

  it.each([
    ['OPENAI_API_KEY', 'openai'],
    ['VITE_OPENAI_API_KEY', 'openai'],
    ['OPENAI_API_KEY_2', 'openai'],
    ['gemini_api_key', 'google'],
    ['OPENAI_API_KEY_FILE', null],
    ['MYOPENAI_API_KEY', null],
    ['OPENAI_ADMIN_KEY', null],
  ])(
    'takes a value of unknown form under %s for a key of %s, and is not sure',
    (name, provider) => {
      const { keys } = previewOf(`${name}=${free('unknown', 40)}`)
      const expected = provider === null ? [] : [{ provider, form: null, sure: false }]

      expect(keys).toMatchObject(expected)
      expect(keys).toHaveLength(expected.length)
    },
  )

  it.each(['short', 'with a blank inside it', 'schlüssel-des-hauses', ''])(
    'takes %j for no key, whatever its name',
    (value) => {
      expect(previewOf(`OPENAI_API_KEY="${value}"\nX=1`).keys).toEqual([])
    },
  )

  it('is not sure of a form that public keys have too, but for its name', () => {
    const key = createKey('googleStandard')
    const sure = (name: string) => previewOf(`${name}=${key}`).keys[0]?.sure

    expect(sure('FIREBASE_API_KEY')).toBe(false)
    expect(sure('GEMINI_API_KEY')).toBe(true)
  })

  it('believes the form of a key rather than its name', () => {
    expect(previewOf(`OPENAI_API_KEY=${groq}`).keys).toMatchObject([
      { provider: 'groq', sure: true },
    ])
  })

  it('keeps admin keys, sessions and valet keys outside, and says so (C39, C90)', () => {
    const refused = [createKey('openaiAdmin'), createKey('anthropicSession')]
    const valet = Object.values(PROVIDERS).flatMap(({ valetKeyShapes }) =>
      valetKeyShapes.map((shape) => createValetKey(shape, createSeededRandom(shape))),
    )
    for (const text of [
      [...refused, ...valet].map((key) => `GROQ_API_KEY=${key}`).join('\n'),
      [...refused, ...valet].map((key) => `Label,${key}`).join('\n'),
      JSON.stringify({
        items: [{ name: 'Label', notes: [...refused, ...valet].join(' ') }],
      }),
      `provider,label,key,notes,created,expires,archived\n${[...refused, ...valet]
        .map((key) => `openai,Label,${key},,,,`)
        .join('\n')}`,
    ]) {
      const preview = previewOf(text)

      expect(preview.keys).toEqual([])
      expect(preview.refused.map(({ reason }) => reason)).toEqual([
        ...refused.map(() => 'admin'),
        ...valet.map(() => 'valet'),
      ])
      for (const key of [...refused, ...valet]) expect(JSON.stringify(preview)).not.toContain(key)
    }
  })

  it('cleans the label of what nobody sees, and cuts it to what the vault takes', () => {
    const label = (text: string) =>
      previewOf(JSON.stringify({ items: [{ name: text, login: { password: groq } }] })).keys[0]
        ?.label

    expect(label(' Work\n\u202e\u200b key\u0007 ')).toBe('Work key')
    expect(label('x'.repeat(10_000))).toBe('x'.repeat(200))
    expect(label(`${'x'.repeat(199)}\u{1f511}`)).toBe(`${'x'.repeat(199)}\ufffd`)
    expect(label('a\ud800b')).toBe('a\ufffdb')
    expect(label('\u{1f511}')).toBe('\u{1f511}')
  })

  it('gives records with the label of the provider where there is none, and never an address', () => {
    const { keys } = previewOf(`${groq}\nMINE=${openai}`)

    expect(importedFields(keys, 7, [1024, 2048])).toEqual([
      {
        provider: 'groq',
        baseUrl: null,
        secret: groq,
        label: 'Groq',
        notes: '',
        createdAt: 7,
        expiresAt: null,
        lastTest: null,
        order: 1024,
        archived: false,
      },
      expect.objectContaining({ label: 'MINE', secret: openai, order: 2048 }),
    ])
  })
})

describe('the keys of a backup', () => {
  it('are previewed as those of any file, and admin keys among them stay outside (C39)', () => {
    const shown = {
      provider: 'groq' as const,
      secret: groq,
      label: 'Work',
      notes: 'Mine',
      createdAt: 5,
      expiresAt: 9,
      archived: true,
    }
    const key: ExportedKey = { ...shown, baseUrl: 'https://models.example.test/v1' }
    const keys = [key, { ...key, secret: 'odd' }, { ...key, secret: createKey('openaiAdmin') }]
    const preview = previewBackupKeys(keys, [knownKey(groq, 'Here')])

    expect(preview).toMatchObject({
      format: 'backup',
      keys: [
        { ...shown, place: 1, sure: true, duplicateOf: { label: 'Here' } },
        { ...shown, secret: 'odd', place: 2, form: null, sure: true, duplicateOf: null },
      ],
      refused: [{ place: 3, reason: 'admin' }],
    })
    // C27: an address is no part of what is brought in.
    expect(JSON.stringify(preview)).not.toContain('models.example.test')
  })
})

describe('a file that is refused', () => {
  it.each([
    ['empty', ''],
    ['empty', '\ufeff \r\n\t'],
    ['backup', 'VLTKBACKUP 1\n{}\n'],
    ['not-text', 'PK\u0003\u0004\u0014\0\0\0export.data'],
    ['not-text', 'G\0R\0O\0Q\0=\0x\0'],
  ])('says that it is %s', (reason, text) => {
    expect(readImport(text, [])).toEqual({ kind: 'refused', reason })
  })
})
