import { describe, expect, it } from 'vitest'
import { isOnlyAncestor } from './frame.ts'

const APP = 'https://app.example.test'

describe('isOnlyAncestor (C113)', () => {
  it('takes the app that embeds the frame as its top page', () => {
    expect(isOnlyAncestor(APP, [APP])).toBe(true)
  })

  it.each<[string, string, string[]]>([
    ['another page than the one around it', 'https://other.example.test', [APP]],
    ['an app in a frame of a stranger', APP, [APP, 'https://evil.test']],
    ['an app in a frame of its own', APP, [APP, APP]],
    ['a sandboxed app', 'null', ['null']],
    ['a page that is not around it', APP, []],
  ])('refuses, for C113, %s', (_, origin, ancestors) => {
    expect(isOnlyAncestor(origin, ancestors)).toBe(false)
  })
})
