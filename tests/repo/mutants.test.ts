import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { editsOf, readMutants } from '../attack/mutants/run/all-mutants.ts'
import { ROOT, titlesIn } from '../attack/titles.ts'

const mutants = await readMutants()

describe.each(mutants)('$name, for $attack', (mutant) => {
  it.each(editsOf(mutant))('finds its text in $file once', ({ file, find, replace }) => {
    const source = readFileSync(join(ROOT, file), 'utf8')

    expect(source.split(find).length - 1, find).toBe(1)
    expect(replace).not.toBe(find)
  })

  it('names a test that is there, and that names the attack', () => {
    const { file, title } = mutant.test
    const meant = titlesIn(file).filter((stated) => stated.includes(title))

    expect(meant, `${file}: ${title}`).not.toEqual([])
    for (const stated of meant) expect(stated).toMatch(new RegExp(`\\b${mutant.attack}\\b`))
  })

  it('says what it takes out', () => {
    expect(mutant.removes).not.toBe('')
  })
})
