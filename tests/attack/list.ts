/* eslint-disable no-console -- a command line prints */
/** One line for each id of the attack corpus: the files in which a test names it in its title, or `missing`. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const ROOT = join(import.meta.dirname, '..', '..')
const CORPUS_SIZE = 115
const FOLDERS = ['wallet', 'extension', 'tests']
/** `it`, `it.each(rows)`, `describe.each(rows)`; not `it.skip` or `it.todo`, which show nothing. */
const TITLED = /^(?:it|test|describe)(?:\.(?:each|for|concurrent|sequential|runIf))*$/

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .filter((path) => !path.includes('node_modules')),
)
const titles = files.map((path) => ({
  path,
  text: titlesOf(readFileSync(join(ROOT, path), 'utf8')).join('\n'),
}))

for (let id = 1; id <= CORPUS_SIZE; id++) {
  const name = new RegExp(`\\bC${String(id)}\\b`)
  const found = titles.filter(({ text }) => name.test(text)).map(({ path }) => path)
  console.log(`C${String(id)} ${found.length > 0 ? `covered ${found.join(' ')}` : 'missing'}`)
}

/** The titles a test file states, each with the row names an `each` writes into it. */
function titlesOf(source: string): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const [title] = node.arguments
      const callee = ts.isCallExpression(node.expression) ? node.expression : null
      const named = (callee ?? node).expression.getText(file)
      if (title && TITLED.test(named) && isText(title)) {
        found.push(title.getText(file))
        // `%s` puts the first name of each row into the title.
        if (callee?.arguments[0] && title.getText(file).includes('%s'))
          found.push(...rowNames(callee.arguments[0]))
      }
    }
    ts.forEachChild(node, visit)
  }
  const file = ts.createSourceFile('a.test.tsx', source, ts.ScriptTarget.Latest)
  visit(file)
  return found

  function rowNames(rows: ts.Expression): string[] {
    if (!ts.isArrayLiteralExpression(rows)) return []
    return rows.elements
      .map((row) => (ts.isArrayLiteralExpression(row) ? row.elements[0] : row))
      .filter((name) => name !== undefined && isText(name))
      .map((name) => name?.getText(file) ?? '')
  }
}

function isText(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)
}
