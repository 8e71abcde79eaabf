import { WalletError, type RecoveryKit } from '@valetkey/wallet/protocol'
import type { UiHandler, Wallet } from '../wallet.ts'

/**
 * A kit of a vault with a server must also fetch it there, which a new epoch alone brings about. That would
 * drop every passkey, for which nobody was asked: where there are some, the root key is made anew instead.
 */
export const kitRenew: UiHandler<'kit.renew'> = async ({ passphrase }, wallet) => {
  const { membership, protection } = wallet
  const kit = (await membership.hasServer())
    ? await renewEverywhere(passphrase, wallet)
    : await protection.renewKit(passphrase)
  wallet.announceChange()
  return { kit }
}

async function renewEverywhere(
  passphrase: string,
  { membership, protection }: Wallet,
): Promise<RecoveryKit> {
  if ((await protection.passkeys()).length > 0) throw new WalletError('request.unprocessable')
  return (await membership.openEpoch({ passphrase, passkeys: [] })).kit
}
