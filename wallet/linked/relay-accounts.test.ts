import { beforeEach, describe, expect, it } from 'vitest'
import { WalletError, type RegisterRequest } from '../protocol/index.ts'
import { createFakeClock, createSeededRandom } from '../testing/index.ts'
import type { ServerClient } from '../sync/index.ts'
import { RelayAccounts } from './relay-accounts.ts'

const SERVER = 'https://relay.example.test'
const random = createSeededRandom('relay accounts')
const clock = createFakeClock(1_800_000_000_000)

let registered: RegisterRequest[]
let deleted: unknown[]
let isClosed: boolean
let accounts: RelayAccounts

beforeEach(() => {
  registered = []
  deleted = []
  isClosed = false
  const client = (origin: string) =>
    ({
      ...{ origin, clock: clock.now },
      register: (body: RegisterRequest) => {
        if (isClosed) return Promise.reject(new WalletError('auth.forbidden'))
        registered.push(body)
        return Promise.resolve({ token: 'a token', expiresAt: 1 })
      },
      approve: (operation: string, body: object) => Promise.resolve({ ...body, operation }),
      deleteAccount: (body: unknown) => Promise.resolve(void deleted.push(body)),
    }) as unknown as ServerClient
  accounts = new RelayAccounts({ client, random })
})

describe('an account at a server the vault is not synced with', () => {
  it('is one at a server until it is used, and holds nothing', async () => {
    const first = await accounts.open(SERVER)
    expect(await accounts.open(SERVER)).toEqual(first)
    accounts.use(SERVER)
    const second = await accounts.open(SERVER)

    expect(second.accountId).not.toBe(first.accountId)
    expect(second.seed).not.toBe(first.seed)
    expect(registered).toMatchObject([
      { accountId: first.accountId, wraps: [], changes: [] },
      { accountId: second.accountId, wraps: [], changes: [] },
    ])
  })

  it('is kept where the server refused nothing', async () => {
    isClosed = true
    await expect(accounts.open(SERVER)).rejects.toMatchObject({ code: 'auth.forbidden' })
    isClosed = false
    expect((await accounts.open(SERVER)).accountId).toBe(registered[0]?.accountId)
  })

  it('is deleted by its own key, and nothing of its keys stays after a lock', async () => {
    const account = await accounts.open(SERVER)
    const { proof } = accounts.at(SERVER, account)
    expect(accounts.at(SERVER, account).proof).toBe(proof)
    accounts.forget()
    expect(proof.seed.every((byte) => byte === 0)).toBe(true)
    expect(accounts.at(SERVER, account).proof.seed.some((byte) => byte !== 0)).toBe(true)
    await accounts.close(SERVER, account)
    expect(deleted).toEqual([{ accountId: account.accountId, operation: 'delete' }])
  })
})
