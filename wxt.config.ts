import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'wxt'
import { createPolicy } from './scripts/policy/policy.mjs'
import { createSqueeze } from './scripts/squeeze.mjs'

/** The hosts a key may go to, and the pages keys are made on. A new one disables the extension on update. */
const REQUIRED_HOSTS = [
  'https://api.openai.com/*',
  'https://platform.openai.com/*',
  'https://api.anthropic.com/*',
  'https://platform.claude.com/*',
  'https://console.anthropic.com/*',
  'https://generativelanguage.googleapis.com/*',
  'https://aistudio.google.com/*',
  'https://api.groq.com/*',
  'https://console.groq.com/*',
]

/** Asked for where the person lets a site talk live: a rule reaches sockets by a pattern of their own. */
const SOCKET_HOSTS = [
  'wss://api.openai.com/*',
  'wss://generativelanguage.googleapis.com/*',
  'wss://api.x.ai/*',
  'wss://api.deepgram.com/*',
  'wss://api.elevenlabs.io/*',
]

/**
 * The public half of the key that names the extension: its id, and with it the origin that passkeys and
 * the vault are bound to, must be the same from every folder and after every update.
 */
const EXTENSION_KEY = [
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3VHPZIKIDxMPsP24Pzb4B3Lcn0SU93CjJm2GuJMutA2C4Imt',
  'u+jAnTMPO+KiYV69dcS+61tbqWEXRHe1pNcJRO5yUVI7Zi+g7IWxnrAEFyrVIuFhRBM/x2CVHVL3dUli3yW/OtwCgNIg',
  'XGobsmkTkgtUJm95/ufmeZ5k5M7USbBEl8syjqN9+SOGfKVxiPuWRP4OhkGM4/YU/dB0zUSOyJ0vGYM/jWBRWVlO5gya',
  'HygpvV17siogkDrZWKoa4kjkm7vJxJPqbhod0coPe/kYidb+N/pZbOskctlKJwZS9B1YRRa3kMU9AdRWU9qbgXtJ0dzN',
  'oUUw6TOKIHgflxETjQIDAQAB',
].join('')

const contentSecurityPolicy = (frames: string) =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self' https: wss: http://localhost:* http://127.0.0.1:* ws://localhost:* ws://127.0.0.1:*",
    "object-src 'none'",
    `frame-src ${frames}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types vk-worker',
  ].join('; ')

/** Every page a site can be switched on for. */
const PAGES = ['https://*/*', 'http://localhost/*', 'http://127.0.0.1/*']

/** What Chrome alone knows. */
const CHROME = {
  key: EXTENSION_KEY,
  minimum_chrome_version: '148',
  // Runtime ports carry bytes and blobs as they are (Chrome 148): WXT's manifest type lags behind.
  ...({ message_serialization: 'structured_clone' } as object),
  web_accessible_resources: [
    // Only a page that was told the address can load it: others do not even learn that we are here.
    { resources: ['channel.html'], matches: PAGES, use_dynamic_url: true },
    // The door of apps of the SDK, which know its address: it tells that we are here, and nothing more (C22).
    { resources: ['frame.html'], matches: PAGES },
  ],
}

/** Ports carry everything there; `data_collection_permissions` says that nothing is collected. */
const FIREFOX = {
  browser_specific_settings: {
    gecko: {
      id: 'wallet@valetkey.example',
      strict_min_version: '140.0',
      data_collection_permissions: { required: ['none'] },
    },
  },
}

/** Entrypoints that run in the pages of a site. */
const PATCHES = ['shim', 'sockets']

/** What dependencies may touch, and what the manifest may ask for. */
const policy = createPolicy(import.meta.dirname)

export default defineConfig({
  srcDir: 'extension',
  publicDir: 'extension/public',
  outDir: '.output',
  imports: false,
  modules: ['@wxt-dev/module-react'],
  hooks: {
    ...policy.hooks,
    'vite:build:extendConfig': ([entrypoint], { plugins }) => {
      if (PATCHES.includes(entrypoint?.name ?? '')) plugins?.push(createSqueeze())
    },
  },
  vite: () => ({
    plugins: [tailwindcss(), policy.plugin],
    // Source maps are published with the release, not shipped inside it.
    build: { sourcemap: false, modulePreload: { polyfill: false } },
  }),
  manifest: ({ browser }) => ({
    name: 'ValetKey',
    description: 'Give web apps a valet key, never your API key.',
    ...(browser === 'firefox' ? FIREFOX : CHROME),
    incognito: 'spanning',
    permissions: [
      'storage',
      'unlimitedStorage',
      'alarms',
      'idle',
      'scripting',
      'activeTab',
      ...(browser === 'firefox' ? [] : ['offscreen']),
      'contextMenus',
      'declarativeNetRequestWithHostAccess',
    ],
    optional_permissions: ['notifications', 'clipboardWrite', 'webRequest'],
    host_permissions: REQUIRED_HOSTS,
    optional_host_permissions: [...PAGES, ...SOCKET_HOSTS],
    // Firefox has no offscreen document: the background holds ours in a frame.
    content_security_policy: {
      extension_pages: contentSecurityPolicy(browser === 'firefox' ? "'self'" : "'none'"),
    },
    commands: {
      'pause-all': {
        suggested_key: { default: 'Alt+Shift+P' },
        description: 'Pause everything, or go on',
      },
    },
    action: { default_title: 'ValetKey' },
    options_ui: { page: 'dashboard.html', open_in_tab: true },
  }),
})
