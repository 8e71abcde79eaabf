import { describe, it } from 'vitest'
import { VAULT_CHANGE_CASES, createMemoryVaultStore } from '../testing/index.ts'

describe('a vault in memory keeps whole through', () => {
  it.each(VAULT_CHANGE_CASES)('$title', async ({ run }) => {
    const store = createMemoryVaultStore()
    await run({ store, failAtWrite: store.failAtWrite, reopen: () => store })
  })
})
