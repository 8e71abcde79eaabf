import { describe, expect, it } from 'vitest'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
} from '../testing/index.ts'
import { createVault, ordersAtEnd, sortKeys } from '../vault/index.ts'
import { createKey, previewOf } from './__fixtures__/keys.ts'
import { importedFields, writeCsv, writeEnv } from './index.ts'

const text = ['groq', 'openai', 'anthropic', 'google']
  .map((form) => createKey(form as 'groq'))
  .map((key, index) => `NAME_${index}=${key}`)
  .join('\n')

async function createSubject() {
  const store = createMemoryVaultStore()
  const random = createSeededRandom('transfer')
  const clock = createFakeClock()
  const ports = { store, kdf: fastTestKdf, clock: clock.now, random }
  const { vault } = await createVault(ports, 'a quiet harbour at dawn')
  const keys = async () => sortKeys((await vault.listRecords('key')).records)
  const take = async (file: string) => {
    const known = await keys()
    const chosen = previewOf(file, known).keys.filter(({ duplicateOf }) => duplicateOf === null)
    const orders = ordersAtEnd(known, chosen.length)
    return vault.createRecords('key', importedFields(chosen, clock.now(), orders))
  }
  return { store, vault, keys, take }
}

describe('what a file holds, taken into a vault', () => {
  it('stands behind the keys that are there, in the order of the file', async () => {
    const { keys, take } = await createSubject()
    await take(`FIRST=${createKey('groq', 'first')}`)
    await take(text)

    expect((await keys()).map(({ fields }) => fields.label)).toEqual([
      'FIRST',
      'NAME_0',
      'NAME_1',
      'NAME_2',
      'NAME_3',
    ])
  })

  it('is there whole or not at all, however full the disk is (C90)', async () => {
    const { store, keys, take } = await createSubject()
    for (let write = 1; write <= 4; write++) {
      store.failAtWrite(write)

      await expect(take(text)).rejects.toMatchObject({ code: 'vault.quota' })
      expect(await keys()).toEqual([])
    }
    store.failAtWrite(0)
    expect(await take(text)).toHaveLength(4)
  })

  it('adds nothing when it is taken in again, in whichever form it was exported', async () => {
    const { keys, take } = await createSubject()
    await take(text)
    const before = await keys()
    const exported = before.map(({ fields }) => fields)

    for (const file of [text, writeEnv(exported), writeCsv(exported)]) {
      expect(await take(file)).toEqual([])
    }
    expect(await keys()).toEqual(before)
  })
})
