/** A process that dies by its own hand at a write: `die-at.ts FOLDER COUNT`. */
import { StatementSync } from 'node:sqlite'
import { createLedger } from '@valetkey/wallet/metering'
import { createId, type GrantId, type KeyId, type RequestId } from '@valetkey/wallet/protocol'
import { fastTestKdf, knownKey } from '@valetkey/wallet/testing'
import { rotateRootKey } from '@valetkey/wallet/vault'
import { openWalletHome, random } from '../wallet-home.ts'

const [folder = '', count = '0', passphrase = ''] = process.argv.slice(2)
let left = Number(count)
const statements = StatementSync.prototype
// eslint-disable-next-line @typescript-eslint/unbound-method -- called on each statement in its turn
statements.run = new Proxy(statements.run, {
  apply(run, statement, values): unknown {
    left -= 1
    if (left === 0) process.kill(process.pid, 'SIGKILL')
    return Reflect.apply(run, statement, values)
  },
})

const home = openWalletHome(fastTestKdf, folder)
const ports = home.vault
const { vault } = await rotateRootKey(ports, { passphrase })
process.stdout.write('rotated\n')
const keyId = await vault.createRecord('key', knownKey('Late'))
process.stdout.write(`added ${keyId}\n`)
const ledger = createLedger({ store: home.ledger, clock: ports.clock })
const reservation = await ledger.reserve({
  ...{ requestId: createId<RequestId>(random), grantId: createId<GrantId>(random) },
  ...{ keyId: createId<KeyId>(random), provider: 'openai', model: 'gpt-5-mini' },
  ...{ capability: 'chat', budgets: [{ usd: '5.00', window: 'day' }] },
  ...{ boundNanoUsd: 1000, boundTokens: 10 },
})
process.stdout.write('reserved\n')
await ledger.settle(reservation, {
  ...{ ending: 'aborted', status: 0, usage: null, usageFinal: false, firstByteSeen: false },
})
process.stdout.write('settled\n')
