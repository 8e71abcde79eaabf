import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { dashboardOf } from '@valetkey/wallet/capture'
import type { ProviderId } from '@valetkey/wallet/protocol'
import type { AppServer } from './app-server.ts'
import type { ListedKey, MadeKey } from './dashboards/key-client.ts'
import type { FakeProviders } from './fake-providers.ts'
import { createAdminKey, createTestKey } from './test-keys.ts'
import type { FrontRequest } from './tls-front.ts'

/** Hosts of the key pages that are built here. */
export const DASHBOARD_HOSTS = [
  'platform.openai.com',
  'platform.claude.com',
  'aistudio.google.com',
  'console.groq.com',
  'console.mistral.ai',
  'cloud.cerebras.ai',
]

export const DASHBOARD_PAGES = {
  openai: 'https://platform.openai.com/api-keys',
  openaiAdmin: 'https://platform.openai.com/settings/organization/admin-keys',
  anthropic: 'https://platform.claude.com/settings/keys',
  google: 'https://aistudio.google.com/api-keys',
  groq: 'https://console.groq.com/keys',
  mistral: 'https://console.mistral.ai/api-keys',
  cerebras: 'https://cloud.cerebras.ai/platform/org/apikeys',
} as const

export interface Dashboards {
  /** The keys that were made on all of them, the newest last. */
  readonly made: readonly MadeKey[]
  /** Puts a key into the list of a host as one made long ago. */
  list(host: string, name: string, secret: string): void
}

const PATHS = [...Object.values(DASHBOARD_PAGES).map((url) => new URL(url).pathname), '/keys/new']
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>API keys</title>
<link rel="stylesheet" href="/dashboards.css">
<body><div id="root"></div><script type="module" src="/dashboards.js"></script></body></html>`
/** What a page may forbid at most and still work; asked for by `?strict`. */
const STRICT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

interface KeptKey extends MadeKey {
  readonly host: string
}

/**
 * Puts the key pages of the providers at their own addresses. The keys they make are drawn when they are
 * made, and the stand-ins of the providers take them from then on.
 */
export async function serveDashboards(apps: AppServer, fakes: FakeProviders): Promise<Dashboards> {
  const style = fileURLToPath(new URL('./dashboards/style.css', import.meta.url))
  const css = await readFile(style, 'utf8')
  const kept: KeptKey[] = []
  const made: MadeKey[] = []
  const listOf = (host: string): ListedKey[] =>
    kept.filter((key) => key.host === host).map(withoutSecret)
  const json = (value: unknown) => ({
    contentType: 'application/json',
    body: JSON.stringify(value),
  })

  apps.serve('/dashboards.css', { contentType: 'text/css', body: css })
  for (const path of PATHS) {
    apps.serve(path, (request) => ({ body: PAGE, headers: policyOf(request) }))
  }
  apps.serve('/dashboard/keys', (request) => {
    if (request.method !== 'POST') return json(listOf(request.host))
    const query = queryOf(request)
    const provider = providerOf(request)
    const id = `key-${kept.length}`
    const isAdmin = query.get('page')?.includes('admin') === true
    const secret = isAdmin ? createAdminKey(id) : createTestKey(provider, `dashboard ${id}`)
    const key = keyOf({ id, name: query.get('name') ?? '', secret })
    kept.push({ ...key, host: request.host })
    made.push(key)
    if (!isAdmin) fakes.accept(provider, secret)
    return json(key)
  })
  apps.serve('/dashboard/revoke', (request) => {
    const at = kept.findIndex(({ id }) => id === queryOf(request).get('id'))
    const key = kept[at]
    if (key) {
      kept[at] = { ...key, revoked: true }
      fakes.revoke(providerOf(request), key.secret)
    }
    return json(listOf(request.host))
  })
  apps.serve('/dashboard/secret', (request) =>
    json(kept.find(({ id }) => id === queryOf(request).get('id'))),
  )
  return {
    made,
    list(host, name, secret) {
      kept.push({ ...keyOf({ id: `key-${kept.length}`, name, secret }), host })
    },
  }
}

function keyOf(key: { id: string; name: string; secret: string }): MadeKey {
  return { ...key, masked: `${key.secret.slice(0, 6)}...${key.secret.slice(-4)}`, revoked: false }
}

function withoutSecret({ id, name, masked, revoked }: MadeKey): ListedKey {
  return { id, name, masked, revoked }
}

/** Whoever only looks like a dashboard makes keys as OpenAI does. */
function providerOf({ host }: FrontRequest): ProviderId {
  return dashboardOf(`https://${host}`) ?? 'openai'
}

function queryOf({ path }: FrontRequest): URLSearchParams {
  return new URL(path, 'https://dashboard.test').searchParams
}

function policyOf(request: FrontRequest): Record<string, string> {
  return queryOf(request).has('strict') ? { 'content-security-policy': STRICT_POLICY } : {}
}
