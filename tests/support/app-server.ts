import { createHash } from 'node:crypto'
import { mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { startTlsFront, type FrontRequest } from './tls-front.ts'

/** A page or file to serve. */
interface ServedFile {
  /** 200, if absent. */
  readonly status?: number
  readonly contentType?: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface AppServer {
  readonly port: number
  readonly certificatePem: string
  readonly hostMap: Readonly<Record<string, string>>
  /** Everything the served origins were asked for. */
  readonly requests: readonly FrontRequest[]
  /** Serves something of a test's own at a path of any of the hosts, by each request if it depends on it. */
  serve(path: string, file: ServedFile | ((request: FrontRequest) => ServedFile)): void
  close(): Promise<void>
}

const HERE = fileURLToPath(new URL('.', import.meta.url))
const SDK = join(HERE, '..', '..', 'sdk', 'dist')
const SOURCES = ['clients', 'connect-app', 'dashboards', 'demo-app']
export const DEFAULT_HOSTS = ['app.example.test', 'other.example.test', 'quill.example.test']
const CLIENTS_PAGE =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Clients</title><script type="module" src="/clients.js"></script></html>'
const CONNECT_PAGE =
  '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Lines</title><link rel="stylesheet" href="/connect.css"><div id="app"></div><script type="module" src="/connect.js"></script></html>'
const SDK_PAGE =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>SDK</title><script type="module">import * as sdk from "/valetkey/index.js"; window.sdk = sdk</script></html>'

/** No style but the button's own gets in; German, as far as it says so. */
const BUTTON_PAGE = `<!doctype html><html lang="de"><meta charset="utf-8"><title>Button</title>
<meta http-equiv="content-security-policy" content="default-src 'none'; script-src 'self' 'unsafe-inline'">
<script type="importmap">{"imports":{"valetkey":"/valetkey/index.js"}}</script>
<valetkey-connect></valetkey-connect>
<script type="module">
import { defineConnectButton } from "/valetkey/button/index.js"
window.sessions = []
addEventListener("valetkey-session", ({ detail }) => window.sessions.push(detail !== null))
defineConnectButton()
</script></html>`

/**
 * Serves web apps that know nothing of ValetKey, over TLS on loopback: at `/` the demo app Quill, at
 * `/clients` a page with the official client libraries as they are published (`window.runClient`), at
 * `/empty` a page with nothing on it, at `/sdk` one with our own SDK as it is built
 * (`window.sdk`), at `/sdk-button` its button under a strict policy, at `/connect` an app of React with its
 * hooks, its files below `/valetkey/`.
 */
export async function startAppServer(hosts: readonly string[] = DEFAULT_HOSTS): Promise<AppServer> {
  const bundle = await bundleApps()
  const files = new Map<string, ServedFile | ((request: FrontRequest) => ServedFile)>([
    ['/', { body: await readFile(join(HERE, 'demo-app', 'index.html'), 'utf8') }],
    ['/style.css', await staticFile('demo-app/style.css', 'text/css')],
    ['/clients', { body: CLIENTS_PAGE }],
    ['/empty', { body: '<!doctype html><html lang="en"><title>empty</title></html>' }],
    ['/sdk', { body: SDK_PAGE }],
    ['/connect', { body: CONNECT_PAGE }],
    ['/connect.css', await staticFile('connect-app/style.css', 'text/css')],
    ['/sdk-button', { body: BUTTON_PAGE }],
    ['/favicon.ico', { contentType: 'image/svg+xml', body: FAVICON }],
  ])
  for (const name of await filesOfSdk())
    files.set(`/valetkey/${name}`, await bundledFile(SDK, name))
  for (const name of await readdir(bundle)) {
    files.set(`/${name}`, await bundledFile(bundle, name))
  }
  const requests: FrontRequest[] = []
  const front = await startTlsFront(hosts, (request, reply) => {
    requests.push(request)
    const served = files.get(request.path.split('?')[0] ?? '')
    const file = typeof served === 'function' ? served(request) : served
    reply.writeHead(file ? (file.status ?? 200) : 404, {
      'content-type': file?.contentType ?? 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      ...file?.headers,
    })
    reply.end(file?.body ?? '')
    return Promise.resolve()
  })
  return {
    port: front.port,
    certificatePem: front.certificatePem,
    hostMap: Object.fromEntries(hosts.map((host) => [host, `127.0.0.1:${front.port}`])),
    requests,
    serve: (path, file) => {
      files.set(path, file)
    },
    close: () => front.close(),
  }
}

const FAVICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#2f6f8f" stroke-width="2" stroke-linecap="round"><path d="M20 4C11 4 6 9 5 19M5 19c5 1 10-1 12-6M9 13h5"/></svg>'

/** None before it was built: most tests need none. */
async function filesOfSdk(): Promise<string[]> {
  const files = await readdir(SDK, { recursive: true }).catch(() => [])
  return files.filter((name) => name.endsWith('.js'))
}

async function staticFile(path: string, contentType: string): Promise<ServedFile> {
  return { contentType, body: await readFile(join(HERE, path), 'utf8') }
}

async function bundledFile(folder: string, name: string): Promise<ServedFile> {
  return {
    contentType: 'text/javascript; charset=utf-8',
    body: await readFile(join(folder, name), 'utf8'),
    // A sandboxed page has no origin of its own to load a module from.
    headers: { 'access-control-allow-origin': '*' },
  }
}

/**
 * Bundles the apps once for each state of their sources and of the lockfile.
 * @returns the folder that holds `clients.js`, `connect.js`, `demo.js`, `dashboards.js` and what they share
 */
async function bundleApps(): Promise<string> {
  const folder = join(tmpdir(), `valetkey-apps-${await sourceDigest()}`)
  if (
    await readdir(folder).then(
      (names) => names.length > 0,
      () => false,
    )
  )
    return folder
  const work = await mkdtemp(join(tmpdir(), 'valetkey-apps-build-'))
  await build({
    configFile: false,
    root: HERE,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    // Whatever runs the tests names another environment, and React's own build has no development part.
    oxc: { jsx: { runtime: 'automatic', development: false } },
    build: {
      outDir: work,
      emptyOutDir: true,
      minify: false,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: {
        input: {
          clients: join(HERE, 'clients', 'main.ts'),
          connect: join(HERE, 'connect-app', 'main.tsx'),
          demo: join(HERE, 'demo-app', 'main.ts'),
          dashboards: join(HERE, 'dashboards', 'main.tsx'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
      },
    },
  })
  // Two test files may build at once: the second finds the first one's folder in its place.
  await rename(work, folder).catch(() => rm(work, { recursive: true, force: true }))
  return folder
}

async function sourceDigest(): Promise<string> {
  const digest = createHash('sha256')
  digest.update(await readFile(join(HERE, '..', '..', 'package-lock.json')))
  digest.update(await readFile(fileURLToPath(import.meta.url)))
  for (const source of SOURCES) {
    for (const name of (await readdir(join(HERE, source))).sort()) {
      digest.update(name).update(await readFile(join(HERE, source, name)))
    }
  }
  // Some of them bundle the SDK as it was built.
  const built = await readdir(SDK, { recursive: true }).catch(() => [])
  for (const name of built.filter((one) => one.endsWith('.js')).sort()) {
    digest.update(name).update(await readFile(join(SDK, name)))
  }
  return digest.digest('hex').slice(0, 16)
}
