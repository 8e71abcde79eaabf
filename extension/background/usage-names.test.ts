import { createId, type GrantId } from '@valetkey/wallet/protocol'
import { createSeededRandom } from '@valetkey/wallet/testing'
import { describe, expect, it } from 'vitest'
import type { GrantRecord } from './grants-of-sites.ts'
import { appsOf } from './usage-names.ts'

const random = createSeededRandom('usage names')
const grant = (fields: object): GrantRecord => ({
  id: createId<GrantId>(random),
  fields: fields as GrantRecord['fields'],
})
const server = { clientId: 'vk_cid_x', server: 'https://sync.example.test' }

describe('the name of an app in the usage', () => {
  it.each([
    ['the host of a site', { subject: { origin: 'https://app.example.test' } }, 'app.example.test'],
    [
      'the host of the site of an app’s server',
      { subject: server, relay: { name: 'Notes', origin: 'https://notes.example.test:8443' } },
      'notes.example.test:8443',
    ],
    [
      'for a program what it calls itself, in quotes',
      { subject: server, relay: { name: 'bank.example', origin: null } },
      '“bank.example”',
    ],
  ])('is %s', (_, fields, name) => {
    const record = grant(fields)
    expect(appsOf([record])(record.id)).toBe(name)
  })

  it('is none for a grant nobody knows', () => {
    expect(appsOf([])(createId<GrantId>(random))).toBeNull()
  })
})
