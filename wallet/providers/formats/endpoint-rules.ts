import type { Provider } from '../provider.ts'

type Denied = Provider['denied'][number]

/** A path and all below it, whatever the method. */
export function denyBelow(...paths: readonly string[]): readonly Denied[] {
  return paths.map((path) => ({ path: new RegExp(`^${escape(path)}(?:/.*)?$`) }))
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
