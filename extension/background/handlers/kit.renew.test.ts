import { describe, expect, it } from 'vitest'
import type { Wallet } from '../wallet.ts'
import { kitRenew } from './kit.renew.ts'

const KIT = { accountId: '', secretKey: '', recoveryKey: '' }

/** A wallet with so many passkeys; what was done to it, in order. */
function walletWith(passkeyCount: number, hasServer: boolean) {
  const done: string[] = []
  const did = (what: string) => {
    done.push(what)
    return Promise.resolve()
  }
  const wallet = {
    membership: {
      hasServer: () => Promise.resolve(hasServer),
      openEpoch: () => did('new epoch').then(() => ({ kit: KIT, lostPasskeys: 0 })),
    },
    protection: {
      passkeys: () => Promise.resolve(Array.from({ length: passkeyCount })),
      renewKit: () => did('new kit').then(() => KIT),
    },
    announceChange: () => undefined,
  }
  return { done, wallet: wallet as unknown as Wallet }
}

describe('a new kit', () => {
  it.each([
    [0, false, ['new kit']],
    [2, false, ['new kit']],
    [0, true, ['new epoch']],
  ])('with %i passkeys, and a server or none, %j, is made by %j', async (count, hasServer, by) => {
    const { done, wallet } = walletWith(count, hasServer)
    await kitRenew({ passphrase: 'x' }, wallet)
    expect(done).toEqual(by)
  })

  it('ends no passkey of a vault with a server unasked', async () => {
    const { done, wallet } = walletWith(1, true)
    await expect(kitRenew({ passphrase: 'x' }, wallet)).rejects.toMatchObject({
      code: 'request.unprocessable',
    })
    expect(done).toEqual([])
  })
})
