/** Looks at what a store holds, past the vault. */
import { expect } from 'vitest'
import { ERROR_TABLE, type ErrorCode } from '../../protocol/index.ts'
import type { MemoryVaultStore } from '../../testing/index.ts'
import type { StoredRow } from '../index.ts'

export const contentsOf = (at: MemoryVaultStore) => structuredClone(at.contents)

export const rowsIn = (at: MemoryVaultStore) => [...at.contents.rows.values()] as StoredRow[]

/** The first wrap made by a method; fails where there is none. */
export function wrapIn(at: MemoryVaultStore, method: string): StoredRow {
  const wrap = rowsIn(at).find((row) => row.method === method)
  if (!wrap) throw new TypeError(`no wrap by ${method}`)
  return wrap
}

/** Sees an act refused, and nothing in the store changed. */
export async function assertRefused(
  at: MemoryVaultStore,
  act: () => Promise<unknown>,
  code: ErrorCode,
): Promise<void> {
  const before = contentsOf(at)
  await expect(act()).rejects.toMatchObject({ code, message: ERROR_TABLE[code].message })
  expect(contentsOf(at)).toEqual(before)
}
