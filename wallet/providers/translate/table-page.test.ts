import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ANTHROPIC_FIELDS } from './anthropic-request.ts'
import { CHAT_FIELDS, type FieldRule } from './chat-fields.ts'
import { GOOGLE_FIELDS } from './google-request.ts'

const page = readFileSync(new URL('../../../docs/unified-models.md', import.meta.url), 'utf8')

/** How a page tells a rule: by the provider's own name first, or as a refusal. */
function told({ as }: FieldRule): string {
  return as === null ? 'refused' : `\`${as}\``
}

it.each(CHAT_FIELDS)('the page tells what becomes of %s', (field) => {
  const row = page.split('\n').find((line) => line.startsWith(`| \`${field}\` `)) ?? ''
  const [, , anthropic = '', google = ''] = row.split('|').map((cell) => cell.trim())

  expect(anthropic.startsWith(told(ANTHROPIC_FIELDS[field])), anthropic).toBe(true)
  expect(google.startsWith(told(GOOGLE_FIELDS[field])), google).toBe(true)
})
