import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PAGES, examplesOf, nameOf, type Example } from '../support/doc-examples/read-examples.ts'
import { ROOT } from './built-extension.ts'

/** What an example takes as given: the page around it has named it. */
const GIVEN = `
import type { Session, connect as Connect } from 'valetkey'
import type OpenAiClient from 'openai'
import type AnthropicClient from '@anthropic-ai/sdk'
declare global {
  const session: Session
  const connect: typeof Connect
  const OpenAI: typeof OpenAiClient
  const Anthropic: typeof AnthropicClient
  const linkToken: string
  const page: { addInitScript(script: string): Promise<void> }
}
export {}
`

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  jsx: ts.JsxEmit.ReactJSX,
  types: [],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
}

const STALE: Example = {
  name: 'stale.ts',
  code: `import { join } from 'valetkey'\nsession.talk()`,
  isBefore: false,
}

// Inside of the project: an example finds the packages of an app, and the package as it is built.
mkdirSync(join(ROOT, '.cache'), { recursive: true })
const folder = mkdtempSync(join(ROOT, '.cache', 'examples-'))

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

let faults: readonly string[] = []

beforeAll(() => {
  // One program for all: most of its time goes to the declarations of the packages.
  faults = faultsOf([...PAGES.flatMap(examplesOf), STALE])
}, 60_000)

describe.each(PAGES)('%s', (page) => {
  it('shows code that holds for the package as it is built', () => {
    expect(examplesOf(page)).not.toEqual([])
    expect(faults.filter((fault) => fault.startsWith(`${nameOf(page)}-`))).toEqual([])
  })
})

it('finds an example that is out of date, and no other fault', () => {
  expect(faults).toEqual([
    expect.stringContaining("no exported member 'join'"),
    expect.stringContaining("Property 'talk' does not exist"),
  ])
})

/** @returns what the compiler says of them, with the example's name */
function faultsOf(examples: readonly Example[]): readonly string[] {
  const given = join(folder, 'given.d.ts')
  writeFileSync(given, GIVEN)
  const files = examples.map(({ name, code }) => {
    writeFileSync(join(folder, name), code)
    return join(folder, name)
  })
  const program = ts.createProgram([given, ...files], OPTIONS)
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const name = file?.fileName.split('/').at(-1) ?? ''
    return `${name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}
