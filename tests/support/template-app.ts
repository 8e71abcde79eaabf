import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { build } from 'vite'
import type { AppServer } from './app-server.ts'

const TEMPLATE = join(import.meta.dirname, '..', '..', 'sdk', 'template')
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css',
}

/** Where the app of the SDK's template is served, on every host of an app server. */
export const TEMPLATE_PATH = '/margin/'

/** Builds the app that `npx valetkey create` makes, as its owner would, and serves it. Needs the built SDK. */
export async function serveTemplate(apps: AppServer): Promise<void> {
  await serveBuilt(apps, TEMPLATE, TEMPLATE_PATH)
}

/** Builds a Vite app with the settings in its folder, and serves what comes out below a path. */
export async function serveBuilt(apps: AppServer, root: string, path: string): Promise<void> {
  const outDir = await mkdtemp(join(tmpdir(), 'valetkey-built-app-'))
  try {
    await build({
      ...{ root, base: './', logLevel: 'error' },
      // Whatever runs this names another environment, and React's own build has no development part.
      mode: 'production',
      define: { 'process.env.NODE_ENV': '"production"' },
      oxc: { jsx: { runtime: 'automatic', development: false } },
      build: { outDir, emptyOutDir: true },
    })
    for (const name of await readdir(outDir, { recursive: true })) {
      const contentType = TYPES[extname(name)]
      if (contentType === undefined) continue
      const body = await readFile(join(outDir, name), 'utf8')
      apps.serve(`${path}${name === 'index.html' ? '' : name}`, { contentType, body })
    }
  } finally {
    await rm(outDir, { recursive: true, force: true })
  }
}
