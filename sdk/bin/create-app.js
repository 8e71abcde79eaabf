import { cp, mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))

/** Why no app was made: `code` is `name-unusable` or `folder-not-empty`. */
export class CreateError extends Error {
  name = 'CreateError'

  /** @param {'name-unusable' | 'folder-not-empty'} code @param {string} message */
  constructor(code, message) {
    super(message)
    this.code = code
  }
}

/**
 * Puts the template into a new or empty folder, named after it.
 * @param {string} folder
 * @returns {Promise<string>} the folder's full path
 * @throws {CreateError} `name-unusable` where npm takes no package of that name; `folder-not-empty`
 */
export async function createApp(folder) {
  const target = resolve(folder)
  const name = basename(target)
  if (!/^[a-z0-9][a-z0-9._-]{0,213}$/.test(name)) {
    throw new CreateError(
      'name-unusable',
      `“${name}” cannot be the name of an app. Use small letters, digits and dashes.`,
    )
  }
  await mkdir(target, { recursive: true }).catch((error) => {
    // A file of that name is something of the person's, too.
    throw error.code === 'EEXIST' ? notEmpty(name) : error
  })
  if ((await readdir(target)).length > 0) throw notEmpty(name)
  await cp(join(PACKAGE, 'template'), target, {
    recursive: true,
    filter: (source) => !/[\\/](?:node_modules|dist)$/.test(source.slice(PACKAGE.length)),
  })
  // npm leaves a .gitignore out of a package.
  await rename(join(target, '_gitignore'), join(target, '.gitignore'))
  const { version } = await readManifest(PACKAGE)
  const manifest = await readManifest(target)
  manifest.name = name
  manifest.dependencies.valetkey = `^${version}`
  await writeFile(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  return target
}

function notEmpty(name) {
  return new CreateError(
    'folder-not-empty',
    `There is something in ${name} already. Name a new folder; nothing was changed.`,
  )
}

async function readManifest(folder) {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
}
