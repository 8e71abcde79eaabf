/** A copy of the checkout in which guards may be taken out: the checkout itself is never touched. */
import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../../titles.ts'
import type { Edit } from '../mutant.ts'

const LEFT_OUT = ['node_modules', '.git', '.cache', '.output', '.wxt', 'coverage']
/** The project's own packages: links into the checkout, which must lead into the copy instead. */
const OWN_SCOPE = '@valetkey'

export interface CheckoutCopy {
  readonly root: string
  /**
   * Makes these edits, and only these.
   * @returns the files that are not what they were before, by full path
   * @throws Error when a text is not there exactly once
   */
  apply(edits: readonly Edit[]): readonly string[]
  /** Builds the extension as the edits made it, unless it is built so already. @throws Error with the compiler's words */
  build(): Promise<void>
}

/** Copies the checkout's files; the packages it depends on are linked. */
export function createCheckoutCopy(): CheckoutCopy {
  const root = join(realpathSync(ROOT), '.cache', 'mutants', 'checkout')
  rmSync(root, { recursive: true, force: true })
  mkdirSync(root, { recursive: true })
  for (const name of readdirSync(ROOT)) {
    if (LEFT_OUT.includes(name)) continue
    cpSync(join(ROOT, name), join(root, name), {
      recursive: true,
      filter: (path) => !LEFT_OUT.includes(relative(ROOT, path).split('/').at(-1) ?? ''),
    })
  }
  linkPackages(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  const originals = new Map<string, string>()
  let builtFrom: string | null = null
  return {
    root,
    apply(edits) {
      const changed = new Set(originals.keys())
      for (const [path, text] of originals) writeFileSync(path, text)
      originals.clear()
      for (const { file, find, replace } of edits) {
        const path = join(root, file)
        const text = readFileSync(path, 'utf8')
        if (text.split(find).length !== 2) throw new Error(`${file} does not hold once: ${find}`)
        if (!originals.has(path)) originals.set(path, text)
        writeFileSync(
          path,
          text.replace(find, () => replace),
        )
        changed.add(path)
      }
      return [...changed]
    },
    async build() {
      const edited = [...originals.keys()].map((path) => [path, readFileSync(path, 'utf8')])
      const state = JSON.stringify(edited)
      if (builtFrom === state) return
      builtFrom = null
      await buildExtension(root)
      builtFrom = state
    },
  }
}

function linkPackages(from: string, to: string): void {
  mkdirSync(to)
  for (const name of readdirSync(from)) {
    // Caches of the tools belong to one checkout.
    if (name.startsWith('.') && name !== '.bin') continue
    if (name !== OWN_SCOPE) symlinkSync(join(from, name), join(to, name), 'junction')
  }
  mkdirSync(join(to, OWN_SCOPE))
  for (const name of readdirSync(join(from, OWN_SCOPE))) {
    symlinkSync(readlinkSync(join(from, OWN_SCOPE, name)), join(to, OWN_SCOPE, name), 'junction')
  }
}

async function buildExtension(root: string): Promise<void> {
  const wxt = join(root, 'node_modules', 'wxt', 'bin', 'wxt.mjs')
  try {
    await promisify(execFile)(process.execPath, [wxt, 'build'], { cwd: root })
  } catch (error) {
    const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string }
    throw new Error(`The extension does not build: ${(stderr || stdout).slice(-500)}`, {
      cause: error,
    })
  }
}
