import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT, filesBelow } from './built-extension.ts'

const pages = ['README.md', ...filesBelow('docs', ['.md'])]

describe.each(pages)('%s', (page) => {
  it('links to files that are there', () => {
    const text = readFileSync(join(ROOT, page), 'utf8')
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(
      ([, to]) => to ?? '',
    )

    expect(links.filter((to) => !existsSync(join(ROOT, dirname(page), to)))).toEqual([])
  })
})
