/** A copy of the checkout in which guards may be taken out: the checkout itself is never touched. */
import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { linkPackages } from '../../../support/link-packages.ts'
import { ROOT } from '../../titles.ts'
import type { Edit } from '../mutant.ts'

const LEFT_OUT = ['node_modules', '.git', '.cache', '.output', '.wxt', 'coverage']

export interface CheckoutCopy {
  readonly root: string
  /**
   * Makes these edits, and only these.
   * @returns the files that are not what they were before, by full path
   * @throws Error when a text is not there exactly once
   */
  apply(edits: readonly Edit[]): readonly string[]
  /**
   * Builds extension and SDK as the edits made them, unless they are built so already.
   * @throws Error with the compiler's words
   */
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
      await buildIn(root, ['wxt', 'bin', 'wxt.mjs'], ['build'])
      await buildIn(join(root, 'sdk'), ['tsdown', 'dist', 'run.mjs'], ['--log-level', 'warn'])
      builtFrom = state
    },
  }
}

/** @param tool the file of it, below `node_modules` */
async function buildIn(
  folder: string,
  tool: readonly string[],
  args: readonly string[],
): Promise<void> {
  const file = join(ROOT, 'node_modules', ...tool)
  // The runner of the tests beside has said `test`, which would build another extension.
  const env = { ...process.env, NODE_ENV: 'production' }
  try {
    await promisify(execFile)(process.execPath, [file, ...args], { cwd: folder, env })
  } catch (error) {
    const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string }
    throw new Error(`${String(tool[0])} does not build: ${(stderr || stdout).slice(-500)}`, {
      cause: error,
    })
  }
}
