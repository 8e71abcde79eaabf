import {
  fakeWalletScript,
  installFakeWallet,
  type FakeCall,
  type FakeWallet,
} from 'valetkey/testing'
import { expectType } from './expect-type.js'

export const script = fakeWalletScript({ answer: 'timeout' })
const wallet = installFakeWallet(window, { answer: 'deny', isConnected: true, replies: {} })
expectType<typeof wallet>().is<FakeWallet>()
expectType<FakeWallet['calls']>().is<readonly FakeCall[]>()
expectType<string>().is<typeof script>()
wallet.setStatus('locked')
// @ts-expect-error: a person says one of three things.
installFakeWallet(window, { answer: 'maybe' })
