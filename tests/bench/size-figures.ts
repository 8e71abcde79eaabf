/** `size/…`: what a page, an app with the SDK or the popup has to load, gzip, beside the limit it must stay under. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { SDK, loadedWith } from '../repo/built-sdk.ts'
import { rowOf, type BenchRow } from './row.ts'

const POPUP = 'popup.html'

interface SizeFigure {
  readonly name: string
  readonly limitKilobytes: number
  /** Full paths. */
  readonly files: () => readonly string[]
}

export const SIZE_FIGURES: readonly SizeFigure[] = [
  { name: 'size/shim', limitKilobytes: 8, files: () => [built('content-scripts/shim.js')] },
  { name: 'size/sockets', limitKilobytes: 5, files: () => [built('content-scripts/sockets.js')] },
  { name: 'size/bridge', limitKilobytes: 3, files: () => [built('content-scripts/bridge.js')] },
  {
    name: 'size/sdk',
    limitKilobytes: 5,
    files: () => loadedWith('dist/index.js').map((file) => join(SDK, file)),
  },
  { name: 'size/popup', limitKilobytes: 169, files: () => [POPUP, ...filesOf(POPUP)].map(built) },
]

export function measureSize({ name, limitKilobytes, files }: SizeFigure): BenchRow {
  const sizeBytes = files().reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0)
  const text = { name, referenceName: 'limit', unit: 'kB gzip' }
  const figures = { ours: sizeBytes / 1000, reference: limitKilobytes }
  return rowOf(text, figures, { kind: 'times', limit: 1 })
}

/** Scripts and styles a page of ours names, those loaded ahead too. */
function filesOf(page: string): readonly string[] {
  const names = readFileSync(built(page), 'utf8').matchAll(/(?:src|href)="\/([^"]+)"/g)
  return [...names].map(([, name = '']) => name)
}

/** A file of the built extension. */
function built(file: string): string {
  return join(process.env['VALETKEY_EXTENSION'] ?? '', file)
}
