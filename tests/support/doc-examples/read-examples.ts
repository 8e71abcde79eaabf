import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const HOW_TO = 'docs/how-to'

/** The pages whose code people and coding agents copy. */
export const PAGES: readonly string[] = [
  'sdk/README.md',
  'sdk/skill/SKILL.md',
  ...readdirSync(join(ROOT, HOW_TO))
    .filter((name) => name.startsWith('migrate-') && name.endsWith('.md'))
    .map((name) => `${HOW_TO}/${name}`),
]

/** A block of TypeScript of a page. */
export interface Example {
  /** The page's name, the block's line in it, and its language. */
  readonly name: string
  readonly code: string
  /** What an app looked like without the SDK. */
  readonly isBefore: boolean
}

/** @param page from the root of the project */
export function examplesOf(page: string): readonly Example[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(/^```(tsx?)\n([\s\S]*?)^```$/gm)].map(
    ({ 1: type = '', 2: code = '', index }) => {
      const above = text.slice(0, index)
      return {
        name: `${nameOf(page)}-${String(above.split('\n').length)}.${type}`,
        code,
        isBefore: above.lastIndexOf('**Before**') > above.lastIndexOf('**After**'),
      }
    },
  )
}

export function nameOf(page: string): string {
  return page.replaceAll(/[/.]/g, '-')
}
