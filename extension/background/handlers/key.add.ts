import { WalletError, toBase64url, type ProviderKey } from '@valetkey/wallet/protocol'
import { judgeBase, placeProvider, providerById, type Provider } from '@valetkey/wallet/providers'
import { testKey } from '@valetkey/wallet/proxy'
import { orderAtEnd } from '@valetkey/wallet/vault'
import { readNewSecret } from '../new-secret.ts'
import type { UiHandler, Wallet } from '../wallet.ts'

const AT_ITS_HOSTS = { baseUrl: null, ownNetwork: false } as const

export const keyAdd: UiHandler<'key.add'> = async (params, wallet) => {
  const { provider, secret, label } = params
  const { baseUrl, ownNetwork } = 'baseUrl' in params ? params : AT_ITS_HOSTS
  const vault = await wallet.session.required()
  const facts = placed(providerById(provider), baseUrl, ownNetwork)
  const typed = secret.trim() === '' && baseUrl !== null ? standIn(wallet) : readNewSecret(secret)
  const { records } = await vault.listKeys()
  const keyId = await vault.createRecord('key', {
    provider,
    baseUrl,
    secret: typed,
    label: label.trim() || facts.name,
    notes: '',
    createdAt: wallet.clock(),
    expiresAt: null,
    lastTest: null,
    order: orderAtEnd(records),
    archived: false,
  })
  const outcome = await testKey(facts, typed, wallet.forward)
  const test = { at: wallet.clock(), outcome }
  await vault.updateRecord('key', keyId, { lastTest: test })
  wallet.announceChange()
  return { keyId, test }
}

/** @throws `request.unprocessable` for a place no key may go to, or none where there has to be one (C27) */
function placed(provider: Provider, baseUrl: string | null, ownNetwork: boolean): Provider {
  const facts = placeProvider(provider, baseUrl)
  const judged = baseUrl === null ? null : judgeBase(baseUrl)
  const isOwn = judged?.outcome === 'fits' && judged.reach !== 'public'
  // A window that did not ask must not open the person's own network.
  if (!facts || (isOwn && !ownNetwork)) throw new WalletError('request.unprocessable')
  return facts
}

/** Sent where a server wants no key: it opens nothing, and stands in no reply by chance. */
function standIn({ random }: Pick<Wallet, 'random'>): ProviderKey {
  return `no-key-${toBase64url(random(24))}` as ProviderKey // a key is what is sent as one
}
