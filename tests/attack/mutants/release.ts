import type { Mutant } from './mutant.ts'

const REBUILD = 'tests/repo/reproducible.test.ts'
const SAME_ZIP = 'C109: a clean copy in another place builds the same zip, byte for byte'
const BUILD = 'tests/repo/policy-build.test.ts'
const PACKAGES = 'tests/repo/policy-packages.test.ts'
const MANIFEST = 'tests/repo/policy-manifest.test.ts'
const DESCRIPTION = "description: 'Give web apps a valet key, never your API key.',"

const TOUCHES = 'C110: is seen to touch'
const WIDER = 'C110: is wider with'
/** What is watched, the words that say so, the test that misses them. */
const WATCHED: readonly (readonly [string, string, string])[] = [
  ['the extension’s own interface', "...['chrome', 'browser'],", TOUCHES],
  [
    'the network',
    "...['fetch', 'XMLHttpRequest', 'WebSocket', 'WebSocketStream', 'WebTransport', 'EventSource'],",
    TOUCHES,
  ],
  ['code made of text', "...['eval', 'Function', 'WebAssembly', 'trustedTypes'],", TOUCHES],
]
const COMPARED: readonly (readonly [string, string, string])[] = [
  ['permissions', '    ...permissionWidenings(manifest, approved),\n', WIDER],
  ['hosts', '    ...hostWidenings(manifest, approved),\n', WIDER],
  ['content security policies', '    ...policyWidenings(manifest, approved),\n', WIDER],
]

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
  {
    attack: 'C110',
    removes: 'the build looks at what its dependencies touch',
    file: 'wxt.config.ts',
    find: 'plugins: [tailwindcss(), policy.plugin],',
    replace: 'plugins: [tailwindcss()],',
    test: {
      project: 'repo',
      file: BUILD,
      title: 'C110: nothing is built with a dependency that reaches further than was approved',
    },
  },
  {
    attack: 'C110',
    removes: 'the build compares its manifest with the approved one',
    file: 'wxt.config.ts',
    find: '    ...policy.hooks,\n',
    replace: '',
    test: {
      project: 'repo',
      file: BUILD,
      title: 'C110: nothing is built with a manifest that asks for more than was approved',
    },
  },
  ...WATCHED.map(([name, find, title]) => ({
    attack: 'C110',
    removes: `${name} is watched in dependencies`,
    file: 'scripts/policy/touched-names.mjs',
    find,
    replace: '',
    test: { project: 'repo' as const, file: PACKAGES, title },
  })),
  {
    attack: 'C110',
    removes: 'a known package needs leave for what it newly touches',
    file: 'scripts/policy/bundled-packages.mjs',
    find: 'return fresh.length === 0 ? []',
    replace: 'return fresh.length >= 0 ? []',
    test: {
      project: 'repo',
      file: PACKAGES,
      title: 'C110: so does a known package that reaches further than it did',
    },
  },
  ...COMPARED.map(([what, find, title]) => ({
    attack: 'C110',
    removes: `${what} are compared with the approved ones`,
    file: 'scripts/policy/manifest-widenings.mjs',
    find,
    replace: '',
    test: { project: 'repo' as const, file: MANIFEST, title },
  })),
]
