// npm run docs: the reference of the SDK, from its docstrings, as pages to open in a browser.
import { buildSdk } from './build.mjs'
import { ensureInstalled, main, tool } from './toolchain.mjs'

const ENTRIES = ['index', 'ai-sdk/index', 'button/index', 'react/index', 'testing/index']

await main(async () => {
  await ensureInstalled()
  // Entries name the core as those who install the package do.
  await buildSdk()
  return tool('typedoc', [
    ...ENTRIES.flatMap((entry) => ['--entryPoints', `sdk/dist/${entry}.d.ts`]),
    ...['--tsconfig', 'sdk/tsconfig.reference.json', '--basePath', 'sdk/dist'],
    ...['--name', 'valetkey', '--readme', 'sdk/README.md', '--out', '.cache/reference'],
    ...['--excludePrivate', '--excludeInternal', '--hideGenerator', '--disableSources'],
    // Shapes that only a signature names are shown with it.
    ...['--validation.notExported', 'false'],
  ])
})
