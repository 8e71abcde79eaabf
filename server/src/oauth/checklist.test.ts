import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

it('each line of the checklist names a test that is there', () => {
  const rows = read('docs/oauth-security.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:RFC 9700 +\||-)/.test(line))
  const tests = ['oauth', 'device-grant', 'clients']
    .map((name) => read(`server/src/oauth/${name}.test.ts`))
    .join('\n')
  const named = rows.map((row) => row.split('|').at(-2)?.trim() ?? '')

  expect(named.length).toBeGreaterThan(25)
  for (const title of named) expect(tests, title).toContain(`it('${title}`)
})
