/** What the test files of the repository state, read from their source: no test is run for it. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

export const ROOT = join(import.meta.dirname, '..', '..')
const FOLDERS = ['wallet', 'extension', 'sdk/src', 'agent/src', 'server/src', 'tests']
/** `it`, `it.each(rows)`, `describe.each(rows)`; not `it.skip` or `it.todo`, which show nothing. */
const TITLED = /^(it|test|describe)(?:\.(?:each|for|concurrent|sequential|runIf))*$/

/** Every test file, by path from the project's root. */
export function testFiles(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.test\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
      .filter((path) => !path.includes('node_modules')),
  )
}

/**
 * The titles a test file states: of each test, after those of the groups it stands in, and the names of
 * the rows that an `each` writes into it.
 * @param path from the project's root
 */
export function titlesIn(path: string): string[] {
  const file = ts.createSourceFile(
    path,
    readFileSync(join(ROOT, path), 'utf8'),
    ts.ScriptTarget.Latest,
  )
  const found: string[] = []
  visit(file, [])
  return found

  function visit(node: ts.Node, groups: readonly string[]): void {
    const stated = ts.isCallExpression(node) ? statement(node, file) : null
    if (stated && !stated.isGroup) found.push([...groups, ...stated.words].join(' '))
    const within = stated?.isGroup ? [...groups, ...stated.words] : groups
    ts.forEachChild(node, (child) => {
      visit(child, within)
    })
  }
}

interface Statement {
  readonly isGroup: boolean
  readonly words: readonly string[]
}

function statement(call: ts.CallExpression, file: ts.SourceFile): Statement | null {
  const [title] = call.arguments
  const rows = ts.isCallExpression(call.expression) ? call.expression : null
  const kind = TITLED.exec((rows ?? call).expression.getText(file))?.[1]
  if (!title || kind === undefined || !isText(title)) return null
  const text = textOf(title, file)
  // `%s` puts the first name of each row into the title.
  const names = rows?.arguments[0] && text.includes('%s') ? rowNames(rows.arguments[0], file) : []
  return { isGroup: kind === 'describe', words: [text, ...names] }
}

function rowNames(rows: ts.Expression, file: ts.SourceFile): string[] {
  if (!ts.isArrayLiteralExpression(rows)) return []
  return rows.elements
    .map((row) => (ts.isArrayLiteralExpression(row) ? row.elements[0] : row))
    .filter((name) => name !== undefined && isText(name))
    .map((name) => (name ? textOf(name, file) : ''))
}

function isText(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)
}

/** What the literal says; of a template, its source. */
function textOf(node: ts.Node, file: ts.SourceFile): string {
  return ts.isStringLiteralLike(node) ? node.text : node.getText(file)
}
