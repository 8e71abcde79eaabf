import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { press, says } from '../support/driving/screens.ts'
import { serveBuilt } from '../support/template-app.ts'
import { APP, useWorld } from './world.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const SDK = join(ROOT, 'sdk')
const MOST_LINES = 10
const run = promisify(execFile)

/** An empty Vite app: what `npm create vite` leaves when its example is taken out. */
const EMPTY_APP = {
  'package.json': '{"name":"first-app","private":true,"type":"module"}',
  'index.html':
    '<!doctype html><html lang="en"><title>First</title><body><script type="module" src="/src/main.ts"></script></body></html>',
}

describe('a developer who read nothing but the README of the package', () => {
  const world = useWorld('keys')
  let project = ''

  beforeAll(async () => {
    // Below the repository: the app finds Vite where it is installed.
    await mkdir(join(ROOT, '.cache'), { recursive: true })
    project = await mkdtemp(join(ROOT, '.cache', 'first-app-'))
  })
  afterAll(() => rm(project, { recursive: true, force: true }))

  it('has a streamed answer in an empty Vite app, in ten lines, from the packed package', async () => {
    const lines = (await firstExample()).trimEnd()
    expect(lines.split('\n').length).toBeLessThanOrEqual(MOST_LINES)
    await mkdir(join(project, 'src'))
    for (const [name, text] of Object.entries(EMPTY_APP)) await writeFile(join(project, name), text)
    await writeFile(join(project, 'src', 'main.ts'), lines)
    await npm(['pack', '--pack-destination', project], SDK)
    const tarball = (await readdir(project)).find((name) => name.endsWith('.tgz'))
    await npm(['install', '--offline', `./${String(tarball)}`], project)
    await serveBuilt(world.apps, project, '/first/')

    world.fakes.behave({ gapMs: 20 })
    const page = await world.driver.newPage(`${APP}/first/`)
    await press(page, 'button', 'Say hello')
    await world.driver.answerConsent('allow')

    await says(page, 'in the trunk')
    expect(world.fakes.requests.at(-1)).toMatchObject({ key: world.keys.openai, valetKeys: [] })
    expect(JSON.parse(String(world.fakes.requests.at(-1)?.body))).toMatchObject({ stream: true })
  })
})

/** The README's own first example, to the letter. */
async function firstExample(): Promise<string> {
  const readme = await readFile(join(SDK, 'README.md'), 'utf8')
  return /^```ts\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? ''
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  await run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd })
}
