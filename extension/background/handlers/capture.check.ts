import { WalletError, type ProviderKey } from '@valetkey/wallet/protocol'
import { testCandidate } from '../kept-candidate.ts'
import type { UiHandler } from '../wallet.ts'

export const captureCheck: UiHandler<'capture.check'> = async ({ id }, wallet) => {
  await wallet.session.required()
  const candidate = await wallet.captures.find(id)
  if (!candidate) throw new WalletError('request.not_found')
  const { provider, key } = candidate
  const test = await testCandidate({ provider, key: key as ProviderKey }, wallet) // judged when it came
  await wallet.captures.noteTest(id, test)
  return { test }
}
