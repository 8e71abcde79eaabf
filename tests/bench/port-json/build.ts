/**
 * An extension that carries calls as several wallets do, for comparison: page, content script, a runtime port
 * with JSON, worker; each piece of the answer decoded to text and sent as a message. Nothing else: no vault,
 * no grant, no accounting, no search for the key in the answer. What is left is what the way itself costs.
 */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SCRIPTS = ['content', 'worker', 'frame']

/**
 * @param app the origin whose pages it serves
 * @param provider the origin it may call
 * @returns its folder, for the caller to remove
 */
export async function buildPortJson(app: string, provider: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-port-json-'))
  const manifest = {
    manifest_version: 3,
    name: 'A port with JSON',
    version: '1',
    host_permissions: [`${provider}/*`],
    background: { service_worker: 'worker.js' },
    content_scripts: [{ matches: [`${app}/*`], js: ['content.js'], run_at: 'document_start' }],
    web_accessible_resources: [{ matches: [`${app}/*`], resources: ['frame.html'] }],
  }
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
  const html = '<!doctype html><meta charset="utf-8"><title>frame</title><script src="frame.js">'
  await writeFile(join(folder, 'frame.html'), `${html}</script>`)
  for (const name of SCRIPTS) {
    const source = await readFile(join(import.meta.dirname, `${name}.ts`), 'utf8')
    await writeFile(join(folder, `${name}.js`), stripTypeScriptTypes(source))
  }
  return folder
}
