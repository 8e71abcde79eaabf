import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { coversPattern, wideningsOf } from '../../scripts/policy/manifest-widenings.mjs'
import { approvedManifest } from '../../scripts/policy/policy.mjs'
import { ROOT, builtManifest } from './built-extension.ts'

type Manifest = Record<string, unknown>

const approved = JSON.parse(
  readFileSync(join(ROOT, approvedManifest('chrome')), 'utf8'),
) as Manifest

/** The approved manifest, changed. */
function changed(change: (manifest: Record<string, never>) => void): Manifest {
  const manifest = structuredClone(approved)
  change(manifest as Record<string, never>)
  return manifest
}
/** The same with another policy for the extension's pages. */
function withPolicy(from: string, to: string): Manifest {
  const policies = approved['content_security_policy'] as { readonly extension_pages: string }
  expect(policies.extension_pages).toContain(from)
  const policy = policies.extension_pages.replace(from, to)
  return { ...approved, content_security_policy: { extension_pages: policy } }
}
/** The same with one script changed, the first. */
function withScript(change: object): Manifest {
  const [first, ...others] = approved['content_scripts'] as readonly object[]
  return { ...approved, content_scripts: [{ ...first, ...change }, ...others] }
}
function withMore(key: string, ...more: readonly unknown[]): Manifest {
  return { ...approved, [key]: [...((approved[key] ?? []) as readonly unknown[]), ...more] }
}
const CAPTURE = 'content-scripts/capture.js'
const STUDIO = 'https://aistudio.google.com/*'

const WIDENINGS: readonly (readonly [string, () => Manifest, string])[] = [
  ['a permission', () => withMore('permissions', 'cookies'), 'permissions: cookies'],
  [
    'an optional permission that is required now',
    () => withMore('permissions', 'webRequest'),
    'permissions: webRequest',
  ],
  [
    'an optional permission',
    () => withMore('optional_permissions', 'history'),
    'optional_permissions: history',
  ],
  [
    'a host that could only be asked for before',
    () => withMore('host_permissions', 'https://example.com/*'),
    'host_permissions: https://example.com/*',
  ],
  [
    'every subdomain of a host',
    () => withMore('host_permissions', 'https://*.openai.com/*'),
    'host_permissions: https://*.openai.com/*',
  ],
  [
    'a host without TLS',
    () => withMore('optional_host_permissions', 'http://*/*'),
    'optional_host_permissions: http://*/*',
  ],
  [
    'a file that pages can load',
    () =>
      withMore('web_accessible_resources', { resources: ['popup.html'], matches: ['https://*/*'] }),
    'web_accessible_resources: popup.html for https://*/*, at an address that stays',
  ],
  [
    'an address that stays',
    () =>
      changed((manifest) => {
        const files = manifest['web_accessible_resources'] as unknown as Record<string, unknown>[]
        delete files[0]?.['use_dynamic_url']
      }),
    'web_accessible_resources: channel.html for https://*/*, at an address that stays',
  ],
  [
    'a page a script runs in',
    () => withScript({ matches: ['https://*/*'] }),
    `content_scripts: ${CAPTURE} on https://*/* (${STUDIO})`,
  ],
  [
    'a script without its globs',
    () => withScript({ matches: [STUDIO], include_globs: undefined }),
    `content_scripts: ${CAPTURE} on ${STUDIO}`,
  ],
  [
    'a script in every frame',
    () => withScript({ matches: [STUDIO], include_globs: [STUDIO], all_frames: true }),
    `content_scripts: ${CAPTURE} on ${STUDIO} (${STUDIO}), in all frames`,
  ],
  [
    'a script in the page’s own world',
    () => withScript({ matches: [STUDIO], include_globs: [STUDIO], world: 'MAIN' }),
    `content_scripts: ${CAPTURE} on ${STUDIO} (${STUDIO}), in the page’s own world`,
  ],
  [
    'pages that may connect',
    () => ({ ...approved, externally_connectable: { matches: ['https://*.example.com/*'] } }),
    'externally_connectable: pages https://*.example.com/*',
  ],
  [
    'eval in the policy',
    () => withPolicy("script-src 'self'", "script-src 'self' 'unsafe-eval'"),
    "content_security_policy: script-src 'unsafe-eval'",
  ],
  [
    'a script of others in the policy',
    () => withPolicy("script-src 'self'", "script-src 'self' https://cdn.example"),
    'content_security_policy: script-src https://cdn.example',
  ],
  [
    'a frame in the policy',
    () => withPolicy("frame-src 'none'", 'frame-src https:'),
    'content_security_policy: frame-src https:',
  ],
  [
    'a default that is gone',
    () => withPolicy("default-src 'none'; ", ''),
    'content_security_policy: default-src is gone',
  ],
  [
    'forms that may be sent',
    () => withPolicy("form-action 'none'; ", ''),
    'content_security_policy: form-action is gone',
  ],
  [
    'markup from text',
    () => withPolicy("require-trusted-types-for 'script'; ", ''),
    'content_security_policy: require-trusted-types-for is gone',
  ],
  [
    'a maker of markup',
    () => withPolicy('trusted-types vk-worker', 'trusted-types vk-worker other'),
    'content_security_policy: trusted-types other',
  ],
  [
    'reports to others',
    () => withPolicy('; trusted-types', '; report-uri https://a.test; trusted-types'),
    'content_security_policy: report-uri is new',
  ],
  [
    'no policy at all',
    () => ({ ...approved, content_security_policy: undefined }),
    'content_security_policy: no policy is left',
  ],
  [
    'an older browser',
    () => ({ ...approved, minimum_chrome_version: '100' }),
    'minimum_chrome_version: changed',
  ],
  [
    'a key nobody knew',
    () => ({ ...approved, devtools_page: 'devtools.html' }),
    'devtools_page: changed',
  ],
]

describe('the manifest', () => {
  it('C110: is the one that was approved', () => {
    // Less than approved counts too: what is not taken back here could come back unseen.
    expect({ ...builtManifest(), version: '' }).toEqual({ ...approved, version: '' })
  })

  it.each(WIDENINGS)('C110: is wider with %s', (_what, widened, sentence) => {
    expect(wideningsOf(widened(), approved)).toContain(sentence)
  })

  it.each([
    ['itself', () => approved],
    ['another version and description', () => ({ ...approved, version: '9', description: 'x' })],
    ['a permission less', () => ({ ...approved, permissions: ['storage'] })],
    ['a permission that is asked for later', () => withMore('optional_permissions', 'storage')],
    ['a host less', () => ({ ...approved, host_permissions: [] })],
    [
      'an exact host within a wide one',
      () => withMore('optional_host_permissions', 'https://a.test/*'),
    ],
    ['a script less', () => ({ ...approved, content_scripts: [] })],
    ['a script on fewer pages', () => withScript({ matches: [STUDIO], include_globs: [STUDIO] })],
    ['no file for pages', () => ({ ...approved, web_accessible_resources: [] })],
    ['nobody who may connect', () => ({ ...approved, externally_connectable: { ids: [] } })],
    ['a stricter policy', () => withPolicy(" 'wasm-unsafe-eval'", '')],
    [
      'one more rule in the policy',
      () => withPolicy('; trusted-types', "; worker-src 'self'; trusted-types"),
    ],
  ])('is not wider with %s', (_what, manifest) => {
    expect(wideningsOf(manifest(), approved)).toEqual([])
  })
})

describe('a pattern of hosts', () => {
  it.each([
    ['https://*/*', 'https://a.test/*'],
    ['*://*/*', 'http://a.test/x'],
    ['https://*.a.test/*', 'https://a.test/*'],
    ['https://*.a.test/*', 'https://b.a.test/x'],
    ['<all_urls>', 'wss://a.test/*'],
  ])('%s covers %s', (wide, narrow) => {
    expect(coversPattern(wide, narrow)).toBe(true)
  })

  it.each([
    ['https://a.test/*', 'https://*/*'],
    ['https://*.a.test/*', 'https://nota.test/*'],
    ['https://a.test/x', 'https://a.test/*'],
    ['*://*/*', 'wss://a.test/*'],
    ['https://a.test/*', 'https://a.test.evil/*'],
    ['https://*/*', '<all_urls>'],
  ])('%s does not cover %s', (wide, narrow) => {
    expect(coversPattern(wide, narrow)).toBe(false)
  })
})
