import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT, builtManifest } from './built-extension.ts'

/** The store's own limits, in characters. */
const LIMITS = { name: 75, summary: 132, purpose: 1000, description: 16_000, justification: 1000 }

const listing = readFileSync(join(ROOT, 'docs', 'store', 'listing.md'), 'utf8')
const manifest = builtManifest()

describe('the listing in the store', () => {
  it('says what the manifest says, within the limits', () => {
    expect(section('Name')).toBe(manifest['name'])
    expect(section('Summary')).toBe(manifest['description'])
    expect(section('Name').length).toBeLessThanOrEqual(LIMITS.name)
    expect(section('Summary').length).toBeLessThanOrEqual(LIMITS.summary)
    expect(section('Single purpose').length).toBeLessThanOrEqual(LIMITS.purpose)
    expect(section('Description').length).toBeLessThanOrEqual(LIMITS.description)
  })

  it('justifies every permission the built extension has or may ask for, and no other', () => {
    const asked = [...list('permissions'), ...list('optional_permissions')]

    expect([...justified('Permissions').keys()].sort()).toEqual(asked.sort())
  })

  it('justifies every host the built extension has or may ask for, and no other', () => {
    const asked = [...list('host_permissions'), ...list('optional_host_permissions')]

    expect([...justified('Host permissions').keys()].sort()).toEqual(asked.sort())
  })

  it('calls optional what is, and nothing else', () => {
    const optional = [...list('optional_permissions'), ...list('optional_host_permissions')]
    const all = [...justified('Permissions'), ...justified('Host permissions')]

    for (const [name, why] of all) {
      expect(why.startsWith('Optional'), name).toBe(optional.includes(name))
      expect(why.length, name).toBeGreaterThan(30)
      expect(why.length, name).toBeLessThanOrEqual(LIMITS.justification)
    }
  })
})

/** The text below a heading of the listing. */
function section(name: string): string {
  const found = listing.split(/^## /m).find((part) => part.startsWith(`${name}\n`))
  return found?.slice(name.length).trim() ?? ''
}

function justified(name: string): Map<string, string> {
  return new Map(
    [...section(name).matchAll(/^\| `([^`]+)` +\| (.+?) *\|$/gm)].map(([, of = '', why = '']) => [
      of,
      why,
    ]),
  )
}

function list(name: string): readonly string[] {
  return manifest[name] as string[]
}
