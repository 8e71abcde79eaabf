import { WalletError } from '@valetkey/wallet/protocol'
import { describe, expect, it } from 'vitest'
import { serverErrorWords } from './server-error-words.ts'

describe('serverErrorWords', () => {
  it.each([
    [new WalletError('auth.forbidden'), 'This server takes no new accounts.'],
    [
      new WalletError('auth.forbidden', { reason: 'removed' }),
      'The server no longer lets this device in.',
    ],
    [
      new WalletError('sync.rollback', { reason: 'pairing' }),
      'What one device told the other was changed on its way.',
    ],
    [
      new WalletError('sync.rollback', { reason: 'fork' }),
      'The server shows an older vault than this device has seen.',
    ],
  ])('tells apart what one code stands for: %s', (error, message) => {
    expect(serverErrorWords(error)?.message).toBe(message)
  })

  it('leaves what the table says well to the table', () => {
    expect(serverErrorWords(new WalletError('vault.locked'))).toBeNull()
  })
})
