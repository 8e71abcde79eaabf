import { WalletError, maskKey } from '@valetkey/wallet/protocol'
import type { Candidate } from '../captures.ts'
import { findDuplicate, sitesWithKeysOf } from '../kept-candidate.ts'
import { listKeys } from '../key-ring.ts'
import type { UiHandler, Wallet } from '../wallet.ts'

export const captureGet: UiHandler<'capture.get'> = async ({ id }, wallet) => {
  const candidate = await wallet.captures.find(id)
  if (!candidate) throw new WalletError('request.not_found')
  const { provider, origin, via, forgottenAt, test } = candidate
  return {
    ...{ id, provider, origin, via, forgottenAt, test },
    maskedKey: maskKey(candidate.key),
    suggestedLabel: candidate.name,
    vault: await lookInVault(candidate, wallet),
  }
}

async function lookInVault(candidate: Candidate, wallet: Wallet) {
  const vault = await wallet.session.open()
  if (!vault) return null
  const { provider, key } = candidate
  const keys = await listKeys(vault, wallet.removals)
  return {
    duplicate: await findDuplicate(vault, key, wallet),
    others: keys.filter(({ fields }) => fields.provider === provider).length,
    sites: await sitesWithKeysOf(vault, provider),
  }
}
