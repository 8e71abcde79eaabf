// Finds, or installs, what the server's tests run against: a PostgreSQL and a NATS of the system.
import { existsSync, readdirSync } from 'node:fs'
import { installPackage, isExecutable, onPath } from './find-chromium.mjs'

const DEBIAN_POSTGRES = '/usr/lib/postgresql'

/** Installs what is missing, where that can be done without asking; else the tests say what to install. */
export function ensureServers() {
  const postgres = existsSync(DEBIAN_POSTGRES) && readdirSync(DEBIAN_POSTGRES).length > 0
  if (!postgres && !isThere('initdb')) installPackage('postgresql')
  if (!isThere('nats-server')) installPackage('nats-server')
}

function isThere(program) {
  const usual = ['/usr/sbin', '/usr/local/sbin'].map((folder) => `${folder}/${program}`)
  return [...onPath([program]), ...usual].some(isExecutable)
}
