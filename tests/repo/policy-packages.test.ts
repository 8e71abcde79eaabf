import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unapproved, type BundledPackage } from '../../scripts/policy/bundled-packages.mjs'
import { APPROVED_PACKAGES, bundledPackages } from '../../scripts/policy/policy.mjs'
import { touchedNames } from '../../scripts/policy/touched-names.mjs'
import { ROOT } from './built-extension.ts'

interface Approval {
  readonly touches: readonly string[]
  readonly why: string
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
const approved = read(APPROVED_PACKAGES) as Readonly<Record<string, Approval>>
const bundled = read(bundledPackages('chrome')) as readonly BundledPackage[]

/** What a dependency could write, and what must be said of it. */
const CANARIES: readonly (readonly [string, string, readonly string[]])[] = [
  ['chrome', 'chrome.storage.local.get(null, print)', ['chrome']],
  ['browser', 'const { storage } = browser', ['browser']],
  ['chrome by the global object', 'globalThis.chrome?.runtime.id', ['chrome']],
  ['chrome by two global objects', 'window.self["chrome"].runtime', ['chrome']],
  ['fetch', 'export const get = (url) => fetch(url)', ['fetch']],
  ['fetch under another name', 'const send = self.fetch; send("/")', ['fetch']],
  ['XMLHttpRequest', 'new XMLHttpRequest()', ['XMLHttpRequest']],
  ['WebSocket', 'new globalThis.WebSocket("wss://a.test")', ['WebSocket']],
  ['EventSource', 'new EventSource("/")', ['EventSource']],
  ['a beacon', 'navigator.sendBeacon("/", data)', ['navigator.sendBeacon']],
  ['a beacon by the window', 'window.navigator["sendBeacon"]("/", 1)', ['navigator.sendBeacon']],
  ['the navigator as a whole', 'const { sendBeacon } = navigator', ['navigator.[…]']],
  ['a picture', 'new Image().src = "https://a.test/?" + data', ['Image']],
  ['a worker', 'new Worker(url)', ['Worker']],
  ['an import by address', 'await import("https://a.test/x.js")', ['import(…)']],
  ['an import of what it computes', 'await import(name)', ['import(…)']],
  ['eval', 'eval(text)', ['eval']],
  ['eval, called indirectly', '(0, eval)(text)', ['eval']],
  ['new Function', 'new Function("return 1")', ['Function']],
  ['Function as a function', 'const run = Function; run(text)', ['Function']],
  ['the constructor of a function', '(() => 1).constructor("return 1")()', ['Function']],
  ['the constructor of a constructor', '[].constructor.constructor(text)', ['Function']],
  ['a timer that runs text', 'setTimeout("x()", 1)', ['eval']],
  ['WebAssembly', 'await WebAssembly.compile(bytes)', ['WebAssembly']],
  ['indexedDB', 'indexedDB.open("valetkey")', ['indexedDB']],
  ['localStorage', 'localStorage["k"] = 1', ['localStorage']],
  ['document', 'document.createElement("script")', ['document']],
  ['a name it computes', 'globalThis["fe" + "tch"]("/")', ['globalThis[…]']],
  ['the global object handed on', 'steal(window)', ['globalThis[…]']],
]

describe('a dependency', () => {
  it.each(CANARIES)('C110: is seen to touch %s', (_what, code, touches) => {
    expect(touchedNames(code)).toEqual(touches)
  })

  it.each([
    ['a variable of the same name', 'export const get = (fetch, document) => fetch(document)'],
    ['a property of the same name', 'export const get = (api) => api.fetch(api.chrome.eval)'],
    ['a question whether it is there', 'export const has = typeof fetch === "function"'],
    ['another file of the bundle', 'export const more = () => import("./more.js")'],
    ['a timer that calls', 'setTimeout(() => stop(), 1); globalThis.setTimeout(stop, 1)'],
    ['JavaScript itself', 'export const all = [Math.max(1), new Map(), JSON, crypto, URL]'],
  ])('touches nothing by %s', (_what, code) => {
    expect(touchedNames(code)).toEqual([])
  })
})

describe('approvals', () => {
  const canary = { name: 'valetkey-canary', version: '1.0.0', license: 'MIT' }

  it('C110: a new package needs one, whatever it touches', () => {
    expect(unapproved([{ ...canary, touches: [] }], approved)).toEqual([
      'valetkey-canary is new in the bundle, and touches nothing.',
    ])
  })

  it('C110: so does a known package that reaches further than it did', () => {
    const approvals = { 'valetkey-canary': { touches: ['document'], why: 'a test' } }

    expect(unapproved([{ ...canary, touches: ['document'] }], approvals)).toEqual([])
    expect(unapproved([{ ...canary, touches: ['document', 'fetch'] }], approvals)).toEqual([
      'valetkey-canary now touches fetch.',
    ])
  })

  it('are for what stands in the extension, and for no more than it touches', () => {
    const used = Object.fromEntries(bundled.map(({ name, touches }) => [name, touches]))
    const given = Object.entries(approved).map(([name, { touches }]) => [name, touches])

    expect(Object.fromEntries(given)).toEqual(used)
  })

  it('say why', () => {
    for (const [name, { why }] of Object.entries(approved)) expect(why, name).not.toBe('')
  })
})
