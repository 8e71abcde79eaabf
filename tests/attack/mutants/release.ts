import type { Mutant } from './mutant.ts'

const REBUILD = 'tests/repo/reproducible.test.ts'
const SAME_ZIP = 'C109: a clean copy in another place builds the same zip, byte for byte'
const DESCRIPTION = "description: 'Give web apps a valet key, never your API key.',"

/** What is released: that anybody can make it again, and what got into it with whose leave. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C109',
    removes: 'nothing of the moment it was built at gets into the build',
    file: 'wxt.config.ts',
    find: DESCRIPTION,
    replace: 'description: `Built ${new Date().toISOString()}`,',
    test: { project: 'repo', file: REBUILD, title: SAME_ZIP },
  },
  {
    attack: 'C109',
    removes: 'nothing of the place it was built in gets into the build',
    file: 'wxt.config.ts',
    find: DESCRIPTION,
    replace: 'description: `Built in ${import.meta.dirname}`,',
    test: { project: 'repo', file: REBUILD, title: SAME_ZIP },
  },
  {
    attack: 'C109',
    removes: 'the zip has one date',
    file: 'scripts/zip-folder.mjs',
    find: 'mtime: new Date(1980, 0, 1)',
    replace: 'mtime: new Date()',
    test: {
      project: 'repo',
      file: REBUILD,
      title: 'C109: a zip does not tell when or where its files were written',
    },
  },
]
