import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Edit, Mutant } from '../mutant.ts'

const FOLDER = join(import.meta.dirname, '..')

/** A mutant, and where it is written down. */
export interface RecordedMutant extends Mutant {
  /** Its place among all: file and number, `origins#3`. */
  readonly name: string
}

/**
 * Every mutant of every file beside `mutant.ts`, file by file.
 * @throws TypeError if a file there exports no `MUTANTS`
 */
export async function readMutants(): Promise<readonly RecordedMutant[]> {
  const files = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts') && name !== 'mutant.ts')
    .sort()
  const found: RecordedMutant[] = []
  for (const file of files) {
    const module = (await import(pathToFileURL(join(FOLDER, file)).href)) as {
      MUTANTS?: readonly Mutant[]
    }
    if (!module.MUTANTS) throw new TypeError(`${file} exports no MUTANTS.`)
    const subject = file.replace(/\.ts$/, '')
    found.push(...module.MUTANTS.map((one, at) => ({ ...one, name: `${subject}#${at + 1}` })))
  }
  return found
}

/** All edits of a mutant. */
export function editsOf({ file, find, replace, edits = [] }: Mutant): readonly Edit[] {
  return [{ file, find, replace }, ...edits]
}
