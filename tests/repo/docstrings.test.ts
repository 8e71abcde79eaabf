import { dirname, join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { SDK, sdkEntries } from './built-sdk.ts'

/** What an editor shows of the package is what it exports, as built. */
const program = ts.createProgram(
  sdkEntries().map(({ file }) => typesOf(file)),
  {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
    strict: true,
    skipLibCheck: true,
  },
)
const checker = program.getTypeChecker()

describe.each(sdkEntries())('$name', ({ file }) => {
  it('explains everything it exports', () => {
    const exported = exportsOf(file)

    expect(exported).not.toEqual([])
    expect(exported.filter((each) => textOf(each) === '').map(({ name }) => name)).toEqual([])
  })
})

function typesOf(file: string): string {
  return join(SDK, dirname(file), 'index.d.ts')
}

/** What the entry exports, each by what it stands for. */
function exportsOf(file: string): readonly ts.Symbol[] {
  const source = program.getSourceFile(typesOf(file))
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) throw new Error(`${file} is not built: npm run build makes it.`)
  return checker
    .getExportsOfModule(module)
    .map((each) => (each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each))
}

function textOf(symbol: ts.Symbol): string {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim()
}
