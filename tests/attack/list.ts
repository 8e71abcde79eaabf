/* eslint-disable no-console -- a command line prints */
/** One line for each id of the attack corpus: which test shows it, and whether a seeded bug proves the test. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')
const CORPUS_SIZE = 115
const FOLDERS = ['wallet', 'extension', 'tests']

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .filter((path) => !path.includes('node_modules')),
)
const titles = files.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

for (let id = 1; id <= CORPUS_SIZE; id++) {
  const name = new RegExp(`\\bC${String(id)}\\b`)
  const found = titles.filter(({ text }) => name.test(text)).map(({ path }) => path)
  console.log(`C${String(id)} ${found.length > 0 ? `covered ${found.join(' ')}` : 'missing'}`)
}
