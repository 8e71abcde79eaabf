import { beforeEach, describe, expect, it } from 'vitest'
import { ForeignHosts } from './foreign-hosts.ts'

const APP = 'https://app.example.test'
let hosts: ForeignHosts

beforeEach(() => {
  let kept = {}
  hosts = new ForeignHosts({
    read: () => Promise.resolve(kept),
    write: (value) => {
      kept = value
      return Promise.resolve()
    },
  })
})

describe('the hosts a site sends its valet key to', () => {
  it('are told once each, the newest first', async () => {
    expect(await hosts.note(APP, 'api.app.example.test')).toBe(true)
    expect(await hosts.note(APP, 'cors.example.test')).toBe(true)
    expect(await hosts.untold(APP)).toBe('cors.example.test')

    await hosts.markTold(APP)

    expect(await hosts.note(APP, 'cors.example.test')).toBe(false)
    expect(await hosts.untold(APP)).toBeNull()
  })

  it('are noted side by side', async () => {
    await Promise.all(['one.test', 'two.test', 'three.test'].map((host) => hosts.note(APP, host)))
    const seen: (string | null)[] = []
    for (const host of ['one.test', 'two.test', 'three.test']) {
      seen.push((await hosts.note(APP, host)) ? host : null)
    }

    expect(seen).toEqual([null, null, null])
  })

  it('of one site say nothing of another, and go when it is switched off', async () => {
    await hosts.note(APP, 'api.app.example.test')
    expect(await hosts.untold('https://other.example.test')).toBeNull()

    await hosts.forget(APP)

    expect(await hosts.untold(APP)).toBeNull()
    expect(await hosts.note(APP, 'api.app.example.test')).toBe(true)
  })

  it('are no way to fill the store', async () => {
    const noted: boolean[] = []
    for (let index = 0; index < 12; index++) noted.push(await hosts.note(APP, `h${index}.test`))

    expect(noted.filter(Boolean)).toHaveLength(8)
    expect(await hosts.note('https://other.example.test', `${'a'.repeat(300)}.test`)).toBe(false)
  })
})
