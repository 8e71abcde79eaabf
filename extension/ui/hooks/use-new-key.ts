import { useState } from 'react'
import type { KeyTest, ProviderId, UiParams } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { readBase } from '../own-server.ts'
import { readPastedKey } from '../pasted-key.ts'
import { askForHosts, askForOrigin } from '../provider-access.ts'
import { providerName, providerPlaces } from '../provider-facts.ts'
import { useAction } from './use-action.ts'

export interface SavedKey {
  readonly provider: ProviderId
  readonly outcome: KeyTest['outcome']
}

/**
 * A key being typed, from the empty form to the one that is saved and tested.
 * @param given what the person put beside the form: its key is in the box from the start
 */
export function useNewKey(onSaved: (saved: SavedKey) => void, given = '') {
  const [first] = useState(() => readPastedKey(given))
  const start = first.kind === 'fit' ? first : null
  const [provider, setProvider] = useState<ProviderId>(start?.provider ?? 'openai')
  const [typed, setTyped] = useState<string>(start?.secret ?? '')
  const [address, setAddress] = useState('')
  const [agreed, setAgreed] = useState(false)
  const [name, setName] = useState<string | null>(null)
  const [asked, setAsked] = useState(false)
  const [unreachable, setUnreachable] = useState(false)
  const { busy, error, run } = useAction()

  const pasted = readPastedKey(typed)
  const { offered: hasPlace, required, keyless } = providerPlaces(provider)
  const base = hasPlace ? readBase(provider, address) : ({ kind: 'none' } as const)
  const isOwn = keyless && (required || base.kind === 'fit')
  // A server of one's own may want no key.
  const isKeyless = isOwn && typed.trim() === ''
  // An empty box is no mistake before the person tried to save it.
  const refusal =
    pasted.kind === 'refused' && !isKeyless && (asked || typed !== '') ? pasted.reason : null
  const label = name ?? providerName(provider)

  const read = (): UiParams<'key.add'> | null => {
    if (base.kind === 'refused' || (pasted.kind === 'refused' && !isKeyless)) return null
    const secret = pasted.kind === 'fit' ? pasted.secret : ''
    if (base.kind === 'none') return { provider, secret, label }
    const ownNetwork = base.reach !== 'public'
    if (ownNetwork && !agreed) return null
    return { provider, secret, label, baseUrl: base.baseUrl, ownNetwork }
  }
  return {
    ...{ provider, typed, address, agreed, asked, unreachable, busy, error, hasPlace },
    ...{ base, isOwn, refusal, label, setName, setAgreed },
    choose: (next: ProviderId) => {
      setProvider(next)
      setAgreed(false)
    },
    type: (text: string) => {
      const pastedNow = readPastedKey(text)
      const found = pastedNow.kind === 'fit' && pastedNow.provider ? pastedNow : null
      // What is in the box is what is saved: the key, without the line it stood in.
      setTyped(found?.secret ?? text)
      if (found?.provider) setProvider(found.provider)
    },
    typeAddress: (text: string) => {
      setAddress(text)
      // A yes is for the very address it was said to (C27).
      setAgreed(false)
    },
    save: () => {
      setAsked(true)
      const params = read()
      if (!params) return
      // Within the click: the browser asks for hosts only inside the gesture.
      const permitted =
        base.kind === 'fit' ? askForOrigin(base.origin) : askForHosts([params.provider])
      setUnreachable(false)
      run(async () => {
        if (!(await permitted)) {
          setUnreachable(true)
          return
        }
        const { test } = await request('key.add', params)
        setTyped('')
        onSaved({ provider: params.provider, outcome: test.outcome })
      })
    },
  }
}
