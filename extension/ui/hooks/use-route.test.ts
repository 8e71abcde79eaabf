import { describe, expect, it } from 'vitest'
import { linkTo, readRoute } from './use-route.ts'

describe('a place of the dashboard', () => {
  it('is read back from its link', () => {
    expect(readRoute(linkTo('keys'))).toEqual({ section: 'keys', item: '' })
    expect(readRoute(linkTo('keys', 'a_-1'))).toEqual({ section: 'keys', item: 'a_-1' })
  })

  it('is nowhere in particular without a link, and no deeper than an item', () => {
    expect(readRoute('')).toEqual({ section: '', item: '' })
    expect(readRoute('#keys/a/b')).toEqual({ section: 'keys', item: 'a' })
  })
})
