/** Makes an app of the examples of the pages: each a module that runs when it is asked for. */
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import type { Example } from './read-examples.ts'

const INDEX =
  '<!doctype html><html lang="en"><title>Examples</title><body><valetkey-connect></valetkey-connect><div id="root"></div><script type="module" src="/src/main.tsx"></script></body></html>'
/** What an example takes as given, and where it comes from where the example does not say. */
const GIVEN: readonly (readonly [name: string, declaration: string])[] = [
  ['OpenAI', "import OpenAI from 'openai'"],
  ['Anthropic', "import Anthropic from '@anthropic-ai/sdk'"],
  ['connect', "import { connect } from 'valetkey'"],
  ['session', "import { session } from './given.ts'"],
  ['page', "import { page } from './given.ts'"],
  ['linkToken', "import { linkToken } from './given.ts'"],
]

/** @param folder empty, below the project: the app finds its packages where they are installed */
export async function writeExampleApp(folder: string, examples: readonly Example[]): Promise<void> {
  const source = join(folder, 'src')
  await cp(join(import.meta.dirname, 'app'), source, { recursive: true })
  await writeFile(
    join(folder, 'package.json'),
    '{"name":"examples","private":true,"type":"module"}',
  )
  await writeFile(join(folder, 'index.html'), INDEX)
  for (const { name, code } of examples)
    await writeFile(join(source, moduleOf(name)), runnable(code))
  const entries = examples.map(
    ({ name }) => `${JSON.stringify(name)}: () => import('./${moduleOf(name)}')`,
  )
  await writeFile(
    join(source, 'modules.ts'),
    `export const modules = {\n${entries.join(',\n')}\n}\n`,
  )
}

function moduleOf(name: string): string {
  return `example-${name.replace(/\.tsx?$/, '')}.tsx`
}

/** The example's own lines in a function, and what they named as its result. */
function runnable(code: string): string {
  const file = ts.createSourceFile(
    'example.tsx',
    code,
    ts.ScriptTarget.ES2022,
    true,
    ts.ScriptKind.TSX,
  )
  const imports: string[] = []
  const lines: string[] = []
  const names: string[] = []
  for (const statement of file.statements) {
    const text = statement.getText(file)
    if (ts.isImportDeclaration(statement)) imports.push(text)
    else if (ts.isExpressionStatement(statement) && isJsx(statement.expression)) {
      lines.push(`const element = (${statement.expression.getText(file)})`)
      names.push('element')
    } else {
      lines.push(text.replace(/^export /, ''))
      names.push(...namesOf(statement))
    }
  }
  const imported = imports.join('\n')
  const isNamed = (name: string): boolean =>
    names.includes(name) || new RegExp(`\\b${name}\\b`).test(imported)
  const given = GIVEN.filter(
    ([name]) => !isNamed(name) && new RegExp(`\\b${name}\\b`).test(lines.join('\n')),
  )
  return [
    ...given.map(([, declaration]) => declaration),
    ...imports,
    'export async function run() {',
    ...lines,
    `return { ${names.join(', ')} }`,
    '}',
  ].join('\n')
}

function isJsx(node: ts.Expression): boolean {
  return ts.isJsxElement(node) || ts.isJsxFragment(node) || ts.isJsxSelfClosingElement(node)
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isFunctionDeclaration(statement)) return statement.name ? [statement.name.text] : []
  if (!ts.isVariableStatement(statement)) return []
  return statement.declarationList.declarations.flatMap(({ name }) =>
    ts.isIdentifier(name)
      ? [name.text]
      : name.elements.flatMap((element) =>
          ts.isBindingElement(element) && ts.isIdentifier(element.name) ? [element.name.text] : [],
        ),
  )
}
