// A zip that says nothing about when, where or by whom it was made: the same files give the same bytes.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'

/**
 * All files below a folder as one zip: names in order, one date, no permissions.
 * Compressed by JavaScript: what zlib makes of the same bytes depends on the processor it was built for.
 */
export function zipFolder(folder) {
  const files = namesBelow(folder).sort()
  // Zip dates are local time and begin with 1980: this is the same moment on every clock.
  const options = { level: 9, mtime: new Date(1980, 0, 1), os: 0, attrs: 0 }
  return zipSync(
    Object.fromEntries(files.map((name) => [name, [readFileSync(join(folder, name)), options]])),
  )
}

function namesBelow(folder, prefix = '') {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = `${prefix}${entry.name}`
    return entry.isDirectory() ? namesBelow(join(folder, entry.name), `${name}/`) : [name]
  })
}
