import { PERMISSION_NAMES, type Environment } from '@valetkey/wallet/protocol'
import { browser } from './browser.ts'

/** What the browser says of itself and of us, in numbers and fixed words alone. */
export type ReadEnvironment = () => Promise<Environment>

export const readEnvironment: ReadEnvironment = async () => {
  const [{ permissions = [], origins = [] }, { os }, space] = await Promise.all([
    browser.permissions.getAll(),
    browser.runtime.getPlatformInfo(),
    navigator.storage.estimate().catch(() => ({ usage: undefined, quota: undefined })),
  ])
  return {
    extension: browser.runtime.getManifest().version,
    browser: browserOf(navigator.userAgent),
    system: os,
    permissions: PERMISSION_NAMES.filter((name) => permissions.some((held) => held === name)),
    hosts: origins.length,
    storage: { usedBytes: space.usage ?? null, quotaBytes: space.quota ?? null },
  }
}

const BROWSERS = [
  ['firefox', /Firefox\/(\d+)/],
  ['chrome', /Chrome\/(\d+)/],
] as const

/** The name and the major version: more of the line would tell the person from others. */
function browserOf(userAgent: string): Environment['browser'] {
  for (const [name, pattern] of BROWSERS) {
    const version = pattern.exec(userAgent)?.[1]
    if (version !== undefined) return { name, version }
  }
  return { name: 'other', version: null }
}
