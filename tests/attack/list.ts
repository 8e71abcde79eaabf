/* eslint-disable no-console -- a command line prints */
/**
 * One line for each id of the attack corpus: `proven` and the tests that a recorded mutant makes fail
 * (in a browser, where only a browser shows it), `covered` and the files in which a test names the id
 * in its title, or `missing`.
 */
import { ATTACK_IDS, needsBrowser } from './corpus.ts'
import { readMutants } from './mutants/run/all-mutants.ts'
import { testFiles, titlesIn } from './titles.ts'

const BROWSER_PROJECTS: readonly string[] = ['attack', 'e2e', 'waits']

const stated = testFiles().map((path) => ({ path, titles: titlesIn(path) }))
const mutants = await readMutants()

for (const id of ATTACK_IDS) console.log(`${id} ${stateOf(id)}`)

function stateOf(id: string): string {
  const proofs = mutants.filter(
    ({ attack, test }) =>
      attack === id &&
      isThere(test) &&
      (!needsBrowser(id) || BROWSER_PROJECTS.includes(test.project)),
  )
  if (proofs.length > 0) {
    return `proven ${[...new Set(proofs.map(({ test }) => test.file))].join(' ')}`
  }
  const name = new RegExp(`\\b${id}\\b`)
  const covering = stated.filter(({ titles }) => titles.some((title) => name.test(title)))
  return covering.length > 0 ? `covered ${covering.map(({ path }) => path).join(' ')}` : 'missing'
}

function isThere(test: { readonly file: string; readonly title: string }): boolean {
  const file = stated.find(({ path }) => path === test.file)
  return file?.titles.some((title) => title.includes(test.title)) ?? false
}
