import { createHash } from 'node:crypto'
import { PROVIDERS } from '@valetkey/wallet/providers'
import { describe, expect, it } from 'vitest'
import { builtManifest } from './built-extension.ts'

const manifest = builtManifest()

describe('the manifest', () => {
  it('asks for exactly these permissions', () => {
    expect(manifest['permissions']).toEqual([
      'storage',
      'unlimitedStorage',
      'alarms',
      'idle',
      'scripting',
      'activeTab',
      'offscreen',
      'contextMenus',
      'declarativeNetRequestWithHostAccess',
    ])
    expect(manifest['optional_permissions']).toEqual([
      'notifications',
      'clipboardWrite',
      'webRequest',
    ])
  })

  it('requires exactly these hosts: one more would disable the extension on update', () => {
    expect(manifest['host_permissions']).toEqual([
      'https://api.openai.com/*',
      'https://platform.openai.com/*',
      'https://api.anthropic.com/*',
      'https://platform.claude.com/*',
      'https://console.anthropic.com/*',
      'https://generativelanguage.googleapis.com/*',
      'https://aistudio.google.com/*',
      'https://api.groq.com/*',
      'https://console.groq.com/*',
    ])
    expect(manifest['optional_host_permissions']).toEqual([
      'https://*/*',
      'http://localhost/*',
      'http://127.0.0.1/*',
      'wss://api.openai.com/*',
      'wss://generativelanguage.googleapis.com/*',
      'wss://api.x.ai/*',
      'wss://api.deepgram.com/*',
      'wss://api.elevenlabs.io/*',
    ])
  })

  it('may ask for the sockets of every provider that has some', () => {
    const hosts = Object.values(PROVIDERS)
      .filter(({ sockets = [] }) => sockets.length > 0)
      .flatMap(({ hosts }) => hosts.map((host) => `wss://${host}/*`))

    expect(manifest['optional_host_permissions']).toEqual(expect.arrayContaining(hosts))
  })

  it('keeps the content security policy of the design', () => {
    expect(manifest['content_security_policy']).toEqual({
      extension_pages: [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self' https: wss: http://localhost:* http://127.0.0.1:* ws://localhost:* ws://127.0.0.1:*",
        "object-src 'none'",
        "frame-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        'trusted-types vk-worker',
      ].join('; '),
    })
  })

  it('injects by itself into the dashboards it was installed with alone: exact hosts, top frame, no other port', () => {
    const studio = ['https://aistudio.google.com/*']
    const dashboards = [
      ...studio,
      'https://console.anthropic.com/*',
      'https://console.groq.com/*',
      'https://platform.claude.com/*',
      'https://platform.openai.com/*',
    ]
    expect(manifest['content_scripts']).toEqual([
      {
        ...{ matches: dashboards, include_globs: dashboards, all_frames: false },
        ...{ run_at: 'document_idle', js: ['content-scripts/capture.js'] },
      },
      {
        ...{ matches: studio, include_globs: studio, all_frames: false, world: 'MAIN' },
        ...{ run_at: 'document_start', js: ['content-scripts/copies.js'] },
      },
    ])
  })

  it('lets no page load a file of it but two frames (C22)', () => {
    const matches = ['https://*/*', 'http://localhost/*', 'http://127.0.0.1/*']
    expect(manifest['web_accessible_resources']).toEqual([
      // Told to the pages that call often, under an address that is another one at every start.
      { resources: ['channel.html'], matches, use_dynamic_url: true },
      // Where apps of the SDK connect.
      { resources: ['frame.html'], matches },
    ])
    expect(manifest['externally_connectable']).toBeUndefined()
  })

  it('has one command: to pause everything from the keyboard', () => {
    expect(manifest['commands']).toEqual({
      'pause-all': {
        suggested_key: { default: 'Alt+Shift+P' },
        description: 'Pause everything, or go on',
      },
    })
  })

  it('opens the dashboard as its options, in a tab', () => {
    expect(manifest['options_ui']).toEqual({ page: 'dashboard.html', open_in_tab: true })
  })

  it('has one id wherever it is loaded from: passkeys are bound to it', () => {
    // Chrome: the first 16 bytes of the hash of the public key, each half byte a letter from a to p.
    const hash = createHash('sha256').update(Buffer.from(String(manifest['key']), 'base64'))
    const id = hash
      .digest('hex')
      .slice(0, 32)
      .replace(/./g, (digit) => {
        return String.fromCharCode('a'.charCodeAt(0) + Number.parseInt(digit, 16))
      })
    expect(id).toBe('hmjelihcdpmajcfggccbhlmlmcmfjmpp')
  })

  it('needs a browser whose ports carry bytes', () => {
    expect(manifest['minimum_chrome_version']).toBe('148')
    expect(manifest['message_serialization']).toBe('structured_clone')
    expect(manifest['incognito']).toBe('spanning')
  })
})
