import { join } from 'node:path'
import { build } from 'vite'

const ENTRY = 'virtual:script'
const ENTRY_FILE = 'script-entry.js'

/**
 * Bundles a script that stands in no file, with whatever it imports, as it would be shipped.
 * @param file where it is written: its folder is emptied first
 * @param format `iife`: one script that runs without a module loader
 */
export async function buildScript(
  file: { readonly folder: string; readonly name: string },
  source: string,
  format: 'es' | 'iife',
): Promise<void> {
  const output = { format, entryFileNames: file.name, codeSplitting: false }
  await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: 'script',
        resolveId: (id) => (id === ENTRY ? join(import.meta.dirname, ENTRY_FILE) : null),
        load: (id) => (id.endsWith(ENTRY_FILE) ? source : null),
      },
    ],
    build: {
      outDir: file.folder,
      emptyOutDir: true,
      rolldownOptions: { input: ENTRY, output },
    },
  })
}
