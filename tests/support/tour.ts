/**
 * `npm start`: the main job, from an empty browser to a streamed answer in an app nobody changed, and in one
 * that connects by the SDK; then the vault is synced with a server of one's own. With a display the person
 * does it, and each step is said; without one it is done here, with screenshots.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startServerProcess } from '../../server/src/testing/index.ts'
import { startAppServer } from './app-server.ts'
import { launchBrowser } from './browser.ts'
import { startFakeProviders } from './fake-providers.ts'
import { TEMPLATE_PATH, serveTemplate } from './template-app.ts'
import { createTestKey } from './test-keys.ts'
import { guidePerson } from './tour/guided.ts'
import { takeTour } from './tour/headless.ts'
import type { TourSetup } from './tour/tour-setup.ts'

const folder = await mkdtemp(join(tmpdir(), 'valetkey-server-'))
const port = await freePort()
const server = await startServerProcess({ VALETKEY_DATABASE: join(folder, 'sync.sqlite') }, port)
const setup: TourSetup = {
  server: `http://127.0.0.1:${String(port)}`,
  origin: 'https://app.example.test',
  connecting: {
    origin: 'https://quill.example.test',
    url: `https://quill.example.test${TEMPLATE_PATH}`,
  },
  key: createTestKey('openai', 'tour'),
}

const fakes = await startFakeProviders({ keys: { openai: [setup.key] } })
fakes.behave({ gapMs: 40 })
const apps = await startAppServer()
await serveTemplate(apps)
const headless = process.argv.includes('--headless') || !hasDisplay()
const launched = await launchBrowser({
  extensionDirs: [process.env['VALETKEY_EXTENSION'] ?? ''],
  hostMap: { ...fakes.hostMap, ...apps.hostMap },
  headless,
})
const close = async (): Promise<void> => {
  await launched.close()
  await apps.close()
  await fakes.close()
  await server.kill('SIGTERM')
  await rm(folder, { recursive: true, force: true })
}
process.once('SIGINT', () => void close().then(() => process.exit(130)))
try {
  if (headless) await takeTour(launched, setup)
  else await guidePerson(launched, setup)
} finally {
  await close()
}

function hasDisplay(): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') return true
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])
}
