import { describe, expect, it } from 'vitest'
import { BACKUP_LIMIT_BYTES } from '@valetkey/wallet/protocol'
import { readChosenFile } from './chosen-file.ts'

describe('a file a person chose', () => {
  it('is text, whatever it is called', async () => {
    expect(await readChosenFile(new Blob(['A=1\n']))).toEqual({ kind: 'text', text: 'A=1\n' })
    expect(await readChosenFile(new Blob(['']))).toEqual({ kind: 'text', text: '' })
  })

  it('C90: larger than anything we read, it is not loaded', async () => {
    const bomb = { size: BACKUP_LIMIT_BYTES + 1, slice: () => new Blob(), text: () => 'loaded' }
    // Only what a reader may touch of it.
    expect(await readChosenFile(bomb as unknown as Blob)).toEqual({ kind: 'too-large' })
  })
})
