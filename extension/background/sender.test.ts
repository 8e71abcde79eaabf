import { describe, expect, it } from 'vitest'
import {
  callerOf,
  dashboardOfSender,
  frameCallerOf,
  isOffscreen,
  isOwnWindow,
  type SenderFacts,
} from './sender.ts'

const ID = 'abcdefghijklmnopabcdefghijklmnop'
const OWN = `chrome-extension://${ID}`
const APP = 'https://app.example.test'

const page = (changes: Partial<SenderFacts> = {}): SenderFacts => ({
  id: ID,
  origin: APP,
  url: `${APP}/chat`,
  frameId: 0,
  documentLifecycle: 'active',
  tab: { url: `${APP}/chat`, incognito: false },
  ...changes,
})

describe('the caller behind a page port', () => {
  it('is the origin the browser names', () => {
    expect(callerOf(page(), ID)).toEqual({ origin: APP, incognito: false })
  })

  it('is told apart in an incognito window (C19)', () => {
    expect(callerOf(page({ tab: { url: APP, incognito: true } }), ID)).toMatchObject({
      incognito: true,
    })
  })

  it.each<[string, Partial<SenderFacts>]>([
    ['another extension', { id: 'ponmlkjihgfedcbaponmlkjihgfedcba' }],
    ['no tab', { tab: undefined }],
    ['a sandboxed frame, whatever its URL (C7, F8)', { origin: 'null' }],
    ['no origin', { origin: undefined }],
    ['a file', { origin: 'file://', url: 'file:///a.html', tab: { url: 'file:///a.html' } }],
    ['plain http', { origin: 'http://app.example.test', tab: { url: 'http://app.example.test' } }],
    ['a host with a trailing dot (C6)', { origin: `${APP}.`, tab: { url: `${APP}.` } }],
    ['a prerendered document (C13)', { documentLifecycle: 'prerender' }],
    ['a cached document (C13)', { documentLifecycle: 'cached' }],
    ['the app framed by another site (C10)', { frameId: 3, tab: { url: 'https://evil.test/' } }],
    ['the app framed by its own other port (C2)', { frameId: 3, tab: { url: `${APP}:8443/` } }],
  ])('is nobody for %s', (_name, changes) => {
    expect(callerOf(page(changes), ID)).toBeNull()
  })
})

describe('the app behind a port of our frame', () => {
  const frame = (changes: Partial<SenderFacts> = {}): SenderFacts =>
    page({ origin: OWN, url: `${OWN}/frame.html`, frameId: 4, ...changes })

  it('is the origin of the tab it stands in', () => {
    expect(frameCallerOf(frame(), OWN)).toEqual({ origin: APP, incognito: false })
  })

  it('is the server whose page names a request to the frame', () => {
    const url = `${OWN}/frame.html#authorize=x`
    expect(frameCallerOf(frame({ url }), OWN)).toEqual({ origin: APP, incognito: false })
  })

  it.each<[string, Partial<SenderFacts>]>([
    ['another document of ours', { url: `${OWN}/channel.html` }],
    ['an address that only begins like it', { url: `${OWN}/frame.html?x` }],
    ['a frame of another extension', { url: `chrome-extension://${'p'.repeat(32)}/frame.html` }],
    ['a content script that says so', { origin: APP }],
    ['the frame in a tab of its own', { frameId: 0 }],
    ['no tab', { tab: undefined }],
    ['a sandboxed frame of the frame (F16)', { origin: 'null' }],
    ['a page of no grantable origin (C20)', { tab: { url: 'file:///home/a.html' } }],
    ['a tab without an address', { tab: {} }],
    ['a page that is not shown (C13)', { documentLifecycle: 'prerender' }],
  ])('is nobody for %s', (_name, changes) => {
    expect(frameCallerOf(frame(changes), OWN)).toBeNull()
  })
})

describe('the dashboard behind a message of our script', () => {
  const DASHBOARD = 'https://platform.openai.com'
  const tab = { id: 7, url: `${DASHBOARD}/api-keys`, incognito: false }
  const shown = (changes: Partial<SenderFacts> = {}) =>
    page({ origin: DASHBOARD, url: `${DASHBOARD}/api-keys`, tab, ...changes })

  it('is the one the browser names, in an incognito window too', () => {
    const known = { provider: 'openai', origin: DASHBOARD, tabId: 7 }
    expect(dashboardOfSender(shown(), ID)).toEqual(known)
    expect(dashboardOfSender(shown({ tab: { ...tab, incognito: true } }), ID)).toEqual(known)
  })

  it.each<[string, Partial<SenderFacts>]>([
    ['another extension', { id: 'ponmlkjihgfedcbaponmlkjihgfedcba' }],
    ['no tab', { tab: undefined }],
    ['a tab without an id', { tab: { url: DASHBOARD } }],
    ['a frame of it', { frameId: 3 }],
    ['no frame at all', { frameId: undefined }],
    ['a sandboxed document of it', { origin: 'null' }],
    ['a prerendered document', { documentLifecycle: 'prerender' }],
    ['a document in the back/forward cache', { documentLifecycle: 'cached' }],
    ['a tab that is elsewhere by now', { tab: { id: 7, url: 'https://evil.test/' } }],
    [
      'another port of it (C56)',
      { origin: `${DASHBOARD}:8443`, tab: { id: 7, url: `${DASHBOARD}:8443/` } },
    ],
    [
      'another host of its domain (C56)',
      { origin: 'https://chat.openai.com', tab: { id: 7, url: 'https://chat.openai.com/' } },
    ],
    [
      'a lookalike (C56)',
      {
        origin: 'https://platform.openal.com',
        tab: { id: 7, url: 'https://platform.openal.com/' },
      },
    ],
    ['a window of ours', { origin: OWN, url: `${OWN}/popup.html`, tab: { id: 7, url: OWN } }],
  ])('is none for %s', (_name, changes) => {
    expect(dashboardOfSender(shown(changes), ID)).toBeNull()
  })

  it('is no window of ours', () => {
    expect(isOwnWindow(shown(), OWN)).toBe(false)
  })
})

describe('a message from a window of ours', () => {
  it.each(['/popup.html', '/consent.html?id=a', '/welcome.html', '/dashboard.html#keys'])(
    'is taken from %s',
    (path) => {
      expect(isOwnWindow({ id: ID, origin: OWN, url: OWN + path, frameId: 0 }, OWN)).toBe(true)
    },
  )

  it.each<[string, SenderFacts]>([
    ['a content script', { origin: APP, url: `${APP}/popup.html`, frameId: 0 }],
    ['the page frame', { origin: OWN, url: `${OWN}/frame.html`, frameId: 0 }],
    ['a framed popup', { origin: OWN, url: `${OWN}/popup.html`, frameId: 2 }],
    ['another origin that claims our URL', { origin: APP, url: `${OWN}/popup.html`, frameId: 0 }],
    ['a sender without URL', { origin: OWN }],
  ])('is not taken from %s', (_name, sender) => {
    expect(isOwnWindow(sender, OWN)).toBe(false)
  })

  it('knows the offscreen document by its exact address, outside any tab', () => {
    expect(isOffscreen({ url: `${OWN}/offscreen.html` }, OWN)).toBe(true)
    expect(isOffscreen({ url: `${OWN}/offscreen.html`, tab: {} }, OWN)).toBe(false)
    expect(isOffscreen({ url: `${APP}/offscreen.html` }, OWN)).toBe(false)
  })
})
