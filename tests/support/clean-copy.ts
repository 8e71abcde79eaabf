import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { linkPackages } from './link-packages.ts'

/** What a build or an install leaves behind, at any depth. */
const MADE = ['node_modules', '.git', '.cache', '.output', '.wxt', 'coverage', 'dist']

/**
 * What a clean clone holds, as the files are now: nothing that an earlier build or a tool left behind.
 * @param root of the checkout
 * @param to an empty folder; the installed packages are linked into it
 */
export function copyClean(root: string, to: string): void {
  for (const file of filesOf(root)) {
    cpSync(join(root, file), join(to, file), { recursive: true })
  }
  linkPackages(join(root, 'node_modules'), join(to, 'node_modules'))
}

/** The files git would clone, with those it has not been told of; all but what was made where there is no git. */
function filesOf(root: string): readonly string[] {
  if (isTopOfGit(root)) {
    const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']
    const deleted = new Set(listOf(root, ['ls-files', '-z', '--deleted']))
    return listOf(root, args).filter((file) => !deleted.has(file))
  }
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter(
      (file) =>
        !dirname(file)
          .split(sep)
          .some((folder) => MADE.includes(folder)),
    )
}

function isTopOfGit(root: string): boolean {
  try {
    const [top = ''] = listOf(root, ['rev-parse', '--show-toplevel'])
    return realpathSync(top.trim()) === realpathSync(root)
  } catch {
    return false
  }
}

function listOf(root: string, args: readonly string[]): readonly string[] {
  const text = execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' })
  return text.split('\0').filter((file) => file !== '')
}
