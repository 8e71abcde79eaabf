import { describe, expect, it } from 'vitest'
import { EMPTY_APP, readApp, typedOf, type AppFaults } from './own-app-draft.ts'

const TYPED = { name: ' Notes ', site: 'notes.example/start', redirects: '' }

const faultsOf = (...asked: Parameters<typeof readApp>): AppFaults => {
  const read = readApp(...asked)
  if (!('faults' in read)) throw new Error('It was taken.')
  return read.faults
}

describe('the form of an app somebody builds', () => {
  it('takes a name, a site as it is typed, and redirects one a line', () => {
    const redirects = 'https://notes.example/back?of=app\n\n  notes.app:/done \r\n'
    expect(readApp({ ...TYPED, redirects }, 'server')).toEqual({
      draft: {
        name: 'Notes',
        origin: 'https://notes.example',
        redirectUris: ['https://notes.example/back?of=app', 'notes.app:/done'],
      },
    })
    const local = readApp({ ...TYPED, site: 'localhost:3000' }, 'server')
    expect(local).toMatchObject({ draft: { origin: 'http://localhost:3000' } })
  })

  it('lets a program be without a site, and nothing else', () => {
    expect(readApp({ ...TYPED, site: ' ' }, 'program')).toMatchObject({ draft: { origin: null } })
    expect(faultsOf({ ...TYPED, site: '' }, 'server').site).toMatch(/^Type the address/)
  })

  it('says at each box what has to change', () => {
    const all = faultsOf({ name: 'ab', site: 'http://notes.example', redirects: 'notes' }, 'server')
    expect(all.name).toMatch(/three/)
    expect(all.site).toMatch(/https/)
    expect(all.redirects).toMatch(/“notes”/)
    for (const wrong of ['javascript:alert(1)', 'https://a.example/#x', 'https://*.a.example/']) {
      expect(faultsOf({ ...TYPED, redirects: wrong }, 'server').redirects).toContain(wrong)
    }
    const many = Array.from({ length: 21 }, (_, at) => `https://a.example/${at}`).join('\n')
    expect(faultsOf({ ...TYPED, redirects: many }, 'program').redirects).toMatch(/20/)
    expect(faultsOf({ ...EMPTY_APP, name: 'x'.repeat(256) }, 'program').name).not.toBeNull()
  })

  it('shows an app as it was typed', () => {
    const app = {
      ...({ clientId: 'vk_cid_x', kind: 'server', isActive: true, createdAt: 1 } as const),
      ...{ name: 'Notes', origin: null, redirectUris: ['a:/b', 'c:/d'] },
    }
    expect(typedOf(app)).toEqual({ name: 'Notes', site: '', redirects: 'a:/b\nc:/d' })
  })
})
