/** `size/…`: what a page or the popup has to load, gzip, beside the limit it must stay under. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { rowOf, type BenchRow } from './row.ts'

const POPUP = 'popup.html'

interface SizeFigure {
  readonly name: string
  readonly limitKilobytes: number
  readonly files: () => readonly string[]
}

export const SIZE_FIGURES: readonly SizeFigure[] = [
  { name: 'size/shim', limitKilobytes: 8, files: () => ['content-scripts/shim.js'] },
  { name: 'size/bridge', limitKilobytes: 3, files: () => ['content-scripts/bridge.js'] },
  { name: 'size/popup', limitKilobytes: 169, files: () => [POPUP, ...filesOf(POPUP)] },
]

export function measureSize({ name, limitKilobytes, files }: SizeFigure): BenchRow {
  const sizeBytes = files().reduce((sum, file) => sum + gzipSync(read(file)).length, 0)
  const text = { name, referenceName: 'limit', unit: 'kB gzip' }
  const figures = { ours: sizeBytes / 1000, reference: limitKilobytes }
  return rowOf(text, figures, { kind: 'times', limit: 1 })
}

/** Scripts and styles a page of ours names, those loaded ahead too. */
function filesOf(page: string): readonly string[] {
  const names = read(page)
    .toString('utf8')
    .matchAll(/(?:src|href)="\/([^"]+)"/g)
  return [...names].map(([, name = '']) => name)
}

function read(file: string): Buffer {
  return readFileSync(join(process.env['VALETKEY_EXTENSION'] ?? '', file))
}
