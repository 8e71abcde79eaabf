import { describe, expect, it } from 'vitest'
import { isOwnTree } from './own-tree.ts'

const app = 'https://app.example.test'
const evil = 'https://evil.example.test'

describe('isOwnTree', () => {
  it.each([
    ['the app itself', app, true, []],
    ['the app in its own frame', app, false, [app]],
    ['the app in its own frame, twice', app, false, [app, app]],
  ])('speaks for %s', (_case, origin, isTop, ancestorOrigins) => {
    expect(isOwnTree({ origin, isTop, ancestorOrigins })).toBe(true)
  })

  it.each([
    ['a stranger frames it', app, false, [evil]],
    ['a stranger frames its frame', app, false, [app, evil]],
    ['it stands between the app and the app', app, false, [evil, app]],
    ['it is a stranger in the app', evil, false, [app]],
    ['its origin is opaque', 'null', true, []],
    ['its origin is opaque as that of all around', 'null', false, ['null']],
    ['an ancestor hides its origin', app, false, ['null']],
    ['only the port differs', app, false, [`${app}:8443`]],
    ['the browser tells nothing', app, false, undefined],
    ['the browser tells of no ancestors', app, false, []],
  ])('is silent where %s', (_case, origin, isTop, ancestorOrigins) => {
    expect(isOwnTree({ origin, isTop, ancestorOrigins })).toBe(false)
  })
})
